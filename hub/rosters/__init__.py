"""Duty rosters from and to other makers' programs: iCalendar (RFC 5545) and CSV.

    text -> read (spells, refusals) -> take_over (a new file, or every refusal)      team -> text

An import is all or nothing: one refusal, and nothing of it is taken over.
"""
