"""What relatives may know, and do."""
