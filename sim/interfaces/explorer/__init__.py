"""The what-if explorer: what a visitor asks for, the runs that answer it, and the controls."""
