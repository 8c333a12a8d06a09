"""What results say, in plain words for readers who are new to the model."""
