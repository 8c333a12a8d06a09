"""What a visitor looks at, the runs that answer it, and what browsers may send."""
