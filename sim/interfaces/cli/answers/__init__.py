"""The commands that answer the questions of an analyst."""
