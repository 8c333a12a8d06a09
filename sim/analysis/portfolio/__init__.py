"""Which countries a provider should ask to its offer: places, money and megawatts for an aim."""
