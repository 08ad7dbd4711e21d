"""An acceptance test of a real device: what a person is asked to do, and what must be seen then.

steps.py     the steps, and when each is done
watched.py   what was seen during a step
progress.py  results so far, kept so that a test can be cut and resumed
conduct.py   leads a person through; I/O is passed in
report.py    Markdown and JSON for the quality ledger, without personal data
"""
