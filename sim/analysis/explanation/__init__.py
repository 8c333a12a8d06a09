"""Why a country chose as it did: in one future, over all, and between two scenarios."""
