"""Robust decisions: how settings of levers fare across uncertain worlds."""
