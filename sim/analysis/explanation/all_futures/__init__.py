"""The choices of all futures: reasons on average, and what tells futures apart."""
