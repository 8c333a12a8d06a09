"""How the package is shown to those who program with it: a page of its names, and a tutorial."""
