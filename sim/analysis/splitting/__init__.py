"""Which changes from one scenario to another account for the difference of their results."""
