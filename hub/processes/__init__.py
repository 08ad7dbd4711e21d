"""The processes of a hub: adapters, router, web, and what supervises them."""
