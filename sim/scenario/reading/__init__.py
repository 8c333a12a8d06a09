"""Reading scenario files: YAML with line numbers, values, layers, and files found by name."""
