"""The ways in: one-time code, passkey, PIN, the municipality's own login."""
