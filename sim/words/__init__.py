"""Words: what numbers, places, offers, paths and terms are called, once for every reader."""
