"""Scenario discovery: which values of the inputs bring a condition about."""
