"""Charts and time lines."""
