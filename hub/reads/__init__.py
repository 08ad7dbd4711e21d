"""The access log: who has read what about which resident, when and why."""
