"""Simple rules that learn from the same answers and facts as the model."""
