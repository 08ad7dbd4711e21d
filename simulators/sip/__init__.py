"""The little of SIP that a social-alarm unit needs (RFC 3261, RFC 3428, RFC 8760)."""
