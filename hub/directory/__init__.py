"""People's sign-in: one-time codes and sessions. Not part of any municipality's journal."""
