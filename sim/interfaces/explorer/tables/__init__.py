"""Tables for the pages: their frames, their columns, their HTML."""
