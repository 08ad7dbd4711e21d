"""Simulated devices and people on the real wire protocols.

Nothing here imports the hub, the adapters or the core: the simulators are a second, independent
reading of the same protocol documents, so a misreading on one side shows. They know the hub by its
command line, its URLs and its wire protocols only.
"""
