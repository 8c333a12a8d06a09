"""The pages of the explorer, in the order of the menu; `app.py` opens them."""

from pathlib import Path

# Absolute, since Streamlit resolves other paths relative to app.py, which a wheel has elsewhere.
FOLDER = Path(__file__).resolve().parents[2] / "pages"
# Name of the file, and title for visitors. A plain address leads to the first.
PAGES = {
    "explore": "Explore",
    "country": "Country",
    "compare": "Compare scenarios",
    "sweep": "Sweep",
    "editor": "Scenario editor",
    "evidence": "Evidence and data",
}
