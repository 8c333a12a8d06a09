"""Questions about results: which country is where, what differs, and why."""
