"""Reading scenario files: YAML with line numbers, values, layers, files found by name."""
