"""Process settings: addresses, folders, the broker. Apart from the municipality file, because they
differ from machine to machine and never enter the journal. Every default is safe (loopback only).

Relative paths start from the working directory. Secrets are never settings: see `hub.secrets`.
"""
