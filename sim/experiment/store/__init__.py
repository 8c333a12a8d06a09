"""Results on the disk: whole or not there, and true to their manifest."""
