"""Features: what the model uses of the facts."""
