"""Which countries a provider should ask, for an aim, within places, money and megawatts."""
