"""Earlier sweeps: what of them is reused, and in what the present one differs."""
