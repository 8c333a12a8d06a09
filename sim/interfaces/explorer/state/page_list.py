"""The pages of the explorer, in the order in which they are offered; `app.py` opens them."""

from pathlib import Path

# Whole, since Streamlit takes any other for relative to app.py, which a wheel has elsewhere.
FOLDER = Path(__file__).resolve().parents[2] / "pages"
# Name of the file, and what visitors read. The first is where a plain address leads.
PAGES = {
    "explore": "Explore",
    "country": "Country",
    "compare": "Compare scenarios",
    "sweep": "Sweep",
    "editor": "Scenario editor",
    "evidence": "Evidence and data",
}
