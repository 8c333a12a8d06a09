"""The Country page: what is known about a country, what it does, and why."""
