"""The catalogue of a folder of results: what is in it, and its tables as one."""
