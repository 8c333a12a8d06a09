"""The what-if explorer: the visitor's view, the runs behind it, and the controls."""
