"""People and places to ranked, explained matches. Pure functions on plain data."""
