"""Features: what the model computes from the facts."""
