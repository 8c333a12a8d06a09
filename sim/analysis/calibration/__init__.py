"""Estimation: what the record of earlier programmes says about the numbers of the model."""
