"""From names to arrays: the world that a scenario and the facts make."""
