"""Groups of countries such as the EU or a UN region: members, partners, shares of the world."""
