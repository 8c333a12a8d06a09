"""The scenario editor: the form, the text, and the text's problems."""
