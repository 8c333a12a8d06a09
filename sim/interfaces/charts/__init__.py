"""Charts as plain Vega-Lite: a function from numbers to a specification, for page and report."""
