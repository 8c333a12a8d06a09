"""What lets a result show itself in a notebook; it imports nothing else of the package."""
