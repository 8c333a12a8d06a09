"""Scenario simulator of how countries align in the contest over AI infrastructure."""
