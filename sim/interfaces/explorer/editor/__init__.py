"""The page Scenario editor: the form, the text, and what is wrong with it."""
