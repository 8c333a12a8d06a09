"""Parts of the command ``alignsim sweep``: clusters, shards, status, estimate."""
