"""What happened, in one reader's language: for pages, the command line and scenarios alike.

names.py     names and notes, documents of the journal   words.py  reasons, instants, lengths
timeline.py  facts as lines of a story (timeline_life.py beside the chain, timeline_tasks.py tasks)
"""
