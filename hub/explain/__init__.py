"""The story of an alarm in words, each step with its reason, and who was called.

steps.py  facts as steps in one reader's language        story.py  one alarm, from the journal
route.py  a dry run: who would be called, when and why   lines.py  both as plain text
"""
