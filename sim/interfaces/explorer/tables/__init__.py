"""Tables as the pages show them: their frames, their columns, their HTML."""
