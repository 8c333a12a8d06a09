"""Forecasts on record: probabilities frozen with their date, and scored by later answers."""
