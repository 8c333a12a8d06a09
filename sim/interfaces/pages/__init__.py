"""Pages of the what-if explorer, in the order in which they are offered; `app.py` opens them."""

# Relative to app.py, as Streamlit wants it.
FOLDER = "sim/interfaces/pages"
# Name of the file, and what visitors read. The first is where a plain address leads.
PAGES = {
    "explore": "Explore",
    "country": "Country",
    "compare": "Compare scenarios",
    "sweep": "Sweep",
    "editor": "Scenario editor",
    "evidence": "Evidence and data",
}
