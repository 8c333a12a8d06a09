"""The look of the pages beyond what the theme sets: fixed text, nothing from visitors in it."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.charts.palette import Theme, theme

CSS = """
<style>
.stMainBlockContainer { max-width: 1400px; padding: 3.6rem 1.5rem 4rem; }
.stMainBlockContainer h1 { font-size: 1.85rem; padding: 0 0 0.2rem; line-height: 1.2; }
.stMainBlockContainer h2 { font-size: 1.2rem; padding: 0.6rem 0 0; }
.stMainBlockContainer h3 { font-size: 1.05rem; padding: 0.2rem 0 0; }
[data-testid="stMetricValue"], .stDataFrame { font-variant-numeric: tabular-nums; }
.stMainBlockContainer [data-testid="stCaptionContainer"],
.stMainBlockContainer [data-testid="stCaptionContainer"] p { color: var(--alignsim-soft);
  opacity: 1; }
.st-key-outlines { display: none; }
.st-key-levers details [data-testid="stVerticalBlock"] { gap: 0.2rem; }
.st-key-form details [data-testid="stVerticalBlock"] { gap: 0.5rem; }
.st-key-form [data-testid="stHorizontalBlock"] [data-testid="stVerticalBlock"] { gap: 0.2rem; }
.st-key-levers details [data-testid="stCaptionContainer"] { margin: -0.35rem 0 0.35rem; }
.stMainBlockContainer [data-testid="stCaptionContainer"] p { line-height: 1.35; }
.st-key-beliefs details { border-style: dashed; }
.st-key-beliefs { margin-top: 0.6rem; }
.st-key-to_levers { display: none; }
.st-key-yaml textarea { font-family: "Source Code Pro", monospace; font-size: 0.85rem;
  line-height: 1.45; white-space: pre; overflow-x: auto; }
/* It says the limit of the server, not that of a scenario file, which the label says. */
.st-key-start [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
/* On the light blue of dark pages white letters are hard to read. */
.st-key-actions button[kind="primary"]:enabled p { color: var(--alignsim-page); }
/* The grid's own download knows nothing of formulas; the buttons under the tables do. */
[data-testid="stElementToolbarButton"]:has([aria-label="Download as CSV"]) { display: none; }
@media (min-width: 1000px) {
  div:has(> .st-key-levers) { position: sticky; top: 3.8rem; }
  .st-key-levers { max-height: calc(100vh - 4.6rem); overflow-y: auto;
    padding: 2px 0.6rem 2px 2px; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.6rem 1rem 3rem; }
  .stMainBlockContainer h1 { font-size: 1.45rem; }
  .st-key-to_levers { display: block; }
  div:has(> .st-key-finding) { position: sticky; top: 3.7rem; z-index: 20; }
  .st-key-finding { padding-bottom: 0.4rem; background: var(--alignsim-page); }
  #levers { scroll-margin-top: 15rem; }
  [data-testid="stColumn"]:has(.st-key-levers) { order: 2; }
  [data-testid="stColumn"]:has(.st-key-results) { order: 1; }
}
</style>
"""


def apply_style() -> Theme:
    """Write the style into the page, and return the theme its charts take."""
    found = theme(st.context.theme.type == "dark")
    st.html(
        f"{CSS}<style>:root {{ --alignsim-soft: {found.soft}; "
        f"--alignsim-page: {found.page}; --alignsim-grid: {found.grid}; }}</style>"
    )
    return found
