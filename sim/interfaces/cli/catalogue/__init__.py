"""Commands about the results that are there: list, show, remove, query."""
