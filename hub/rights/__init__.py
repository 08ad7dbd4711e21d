"""Rights: what lets somebody answer one call from a locked phone, without signing in."""
