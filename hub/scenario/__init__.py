"""Scenarios: a story in a file, played by the production core under a simulated clock.

read (YAML -> Story) -> play (World, Hub, phones) -> judge (expectations) -> report (words)
"""
