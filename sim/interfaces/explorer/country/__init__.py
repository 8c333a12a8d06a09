"""The page Country: what is known of it, what it does, and why."""
