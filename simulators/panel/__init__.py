"""The demonstration's page: a phone and the devices, side by side."""
