"""Answers to questions that pages print."""
