"""The journal: the one truth of a municipality, behind a port with two implementations."""
