"""People's sign-in: codes, sessions, handsets, passkeys, PINs. Not part of any municipality's
journal: one SQLite file for all municipalities of a state folder, for the web and `varde code`."""
