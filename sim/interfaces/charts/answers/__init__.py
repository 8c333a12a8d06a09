"""Charts of the answers to the questions of an analyst."""
