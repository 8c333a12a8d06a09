"""Many runs: ensembles, comparisons, and the store of results."""
