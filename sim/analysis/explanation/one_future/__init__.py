"""One choice in one future: asked or not, weighed, and what would have changed it."""
