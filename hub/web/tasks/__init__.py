"""Tasks as their readers see them, and what readers do with them."""
