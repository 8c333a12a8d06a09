"""What levers, scenarios and a rival's offers do to the number of partners."""
