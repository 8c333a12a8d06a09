"""The task *one step ahead*: who joins next, given what has happened so far."""
