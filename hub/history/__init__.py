"""What has happened, kept beyond the journal: a projection that truncation waits for."""
