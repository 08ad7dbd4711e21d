"""The notifier: starts what is owed, stops what is not, and tells what became of each send."""
