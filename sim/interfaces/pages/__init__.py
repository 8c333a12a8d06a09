"""Pages of the what-if explorer; `app.py` lists them."""
