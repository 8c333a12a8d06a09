"""The page Evidence: where the figures come from."""
