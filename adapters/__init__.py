"""One self-contained sans-IO session per protocol, and the one bridge that does their I/O."""
