"""Samples: how numbers spread, the samplers, and what an analysis needs of them."""
