"""Commands that answer an analyst's question."""
