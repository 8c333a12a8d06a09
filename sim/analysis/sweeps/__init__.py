"""Questions about sweeps: one measure over what is varied, and the words for it."""
