"""Facts by year, and what was public in which month."""
