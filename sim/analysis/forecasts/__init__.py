"""Forecasts on record: odds frozen with their date, and scored once the answers are known."""
