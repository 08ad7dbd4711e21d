"""What SMS and voice gateways and links from messages tell us."""
