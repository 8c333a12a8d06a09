"""Questions about results: who stands where, what differs, and why."""
