"""The shell around the routing core: intake, journal, notifier, pages, command line."""

__version__ = "0.1.0"
