"""Web Push seen from the browser: subscriptions, and the rights that a push carries."""
