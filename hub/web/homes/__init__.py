"""The way to a home and in: entry, the zone of a shift, the map, and who looked."""
