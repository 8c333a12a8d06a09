"""What results say, in plain words for somebody who sees the model for the first time."""
