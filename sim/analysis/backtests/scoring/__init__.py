"""Scores of forecasts: measures, their weighted forms, intervals by resampling."""
