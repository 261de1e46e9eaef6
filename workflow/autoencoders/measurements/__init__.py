"""Numbers from saved weights."""
