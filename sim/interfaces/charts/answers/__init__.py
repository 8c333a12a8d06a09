"""Charts of answers to an analyst's question."""
