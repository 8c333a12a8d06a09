"""Interfaces for people: the command line, and the explorer in a browser."""
