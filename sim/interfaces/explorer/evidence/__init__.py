"""The Evidence page: where the figures come from."""
