"""Charts of finished sweeps: an outcome over one number or two."""
