"""Words: the names of numbers, places, offers, paths and terms, once for all readers."""
