"""Results that commands make when they are not there, and the report of a result."""
