"""What makes the pages an app: the worker, its version, and the statement."""
