"""Sweeps on many machines: clusters, shared places, shards, and what a sweep will cost."""
