"""Handsets: their names, their codes, their end, and what was read on them."""
