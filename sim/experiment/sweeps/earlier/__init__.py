"""Earlier sweeps: what is reused of them, and how the present one differs."""
