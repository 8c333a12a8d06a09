"""Results on disk: complete or absent, and consistent with their manifest."""
