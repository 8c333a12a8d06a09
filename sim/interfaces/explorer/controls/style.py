"""The look of the pages beyond the theme: fixed text, with nothing from visitors in it."""

from __future__ import annotations

import streamlit as st

from sim.interfaces.charts.palette import Theme, theme
from sim.interfaces.explorer.page_script import run_page_script

CSS = """
<style>
.stMainBlockContainer { max-width: 1400px; padding: 3.6rem 1.5rem 4rem; }
.stMainBlockContainer h1 { font-size: 1.85rem; padding: 0 0 0.2rem; line-height: 1.2; }
.stMainBlockContainer h2 { font-size: 1.05rem; padding: 0.2rem 0 0; }
/* What explains a headline stands close below it. */
div:has(> .st-key-headline) { margin-bottom: -0.9rem; }
[data-testid="stMetricValue"], .stDataFrame { font-variant-numeric: tabular-nums; }
.stMainBlockContainer [data-testid="stCaptionContainer"],
.stMainBlockContainer [data-testid="stCaptionContainer"] p { color: var(--alignsim-soft);
  opacity: 1; }
.st-key-pages { position: fixed; top: 0; left: 0.8rem; z-index: 999991; height: 3.6rem;
  width: auto; align-items: center; }
.st-key-pages > div { width: auto; }
/* What scrolls by under the links must not be read through them. */
[data-testid="stHeader"] { background: var(--alignsim-page); }
/* Nor does what the keyboard comes to stop below them. */
[data-testid="stMain"] { scroll-padding-top: 4rem; }
.stMainBlockContainer [data-testid="stPageLink"] a { text-decoration: underline; }
/* The name of a country or of a question is read to its end. */
.stMainBlockContainer [data-testid="stPageLink"] a :is(span, div, p) { white-space: normal; }
.st-key-pages [data-testid="stPageLink"] a { text-decoration: none; }
/* A question, a start or the record looks like a link, even where it stays on the page. */
:is(.st-key-questions, .st-key-start_again, [class*="st-key-record"]) button p {
  text-decoration: underline; }
:is(.st-key-questions, .st-key-start_again, [class*="st-key-record"]) button { padding: 0;
  min-height: 2rem; }
[class*="st-key-record"] { margin-top: -0.9rem; }
.st-key-questions [data-testid="stPageLink"] a { padding-left: 0; }
/* The ways on from what is looked at lie beside each other as buttons do. */
.st-key-actions [data-testid="stPageLink"] a { border: 1px solid var(--alignsim-soft);
  border-radius: 0.5rem; padding: 0.3rem 0.75rem; text-decoration: none; }
:is(.st-key-outlines, .st-key-page_script, .st-key-follow_script),
[data-testid="stSkipToContent"] { display: none; }
.alignsim-skip { position: fixed; top: -10rem; left: 0.8rem; z-index: 999999;
  padding: 0.5rem 0.9rem; border-radius: 0.5rem; font: 600 1rem "Source Sans", sans-serif;
  color: var(--alignsim-page); background: var(--alignsim-ink); }
.alignsim-skip:focus { top: 0.5rem; }
/* Heard, not seen. */
.alignsim-status { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.alignsim-working { position: fixed; bottom: 1rem; left: 50%; transform: translateX(-50%);
  z-index: 999999; padding: 0.5rem 0.9rem; border-radius: 0.5rem;
  font: 600 1rem "Source Sans", sans-serif; color: var(--alignsim-page);
  background: var(--alignsim-ink); }
.stMainBlockContainer :is(h1, h2) { scroll-margin-top: 4.2rem; }
/* Where the keyboard is can be seen; headline and results are only places to go on from. */
.stApp :is(a, button, input, select, textarea, summary, [tabindex="0"]):focus-visible,
.alignsim-skip:focus-visible {
  outline: 3px solid var(--alignsim-focus); outline-offset: 2px; }
.stApp :is(h1, h2, .st-key-results):focus { outline: none; }
/* A way out of the page, not to another of its pages. */
.st-key-pages .st-key-quote { margin-left: 0.75rem; }
.st-key-pages .st-key-quote button { min-height: 2rem; padding: 0.15rem 0.5rem; }
[role="dialog"] [data-testid="stHeading"] h2 { font-size: 1.05rem; padding: 0.2rem 0 0; }
.st-key-levers details [data-testid="stVerticalBlock"] { gap: 0.2rem; }
.st-key-form details [data-testid="stVerticalBlock"] { gap: 0.5rem; }
.st-key-form [data-testid="stHorizontalBlock"] [data-testid="stVerticalBlock"] { gap: 0.2rem; }
.st-key-levers details [data-testid="stCaptionContainer"] { margin: -0.35rem 0 0.35rem; }
.stMainBlockContainer [data-testid="stCaptionContainer"] p { line-height: 1.35; }
/* The way back belongs to the lever above it. */
.st-key-levers [class*="st-key-back"] { margin: -0.9rem 0 0.7rem; }
.st-key-levers [class*="st-key-back"] button { padding: 0; min-height: 1.6rem; }
/* While a grid runs no page is ever finished, so that the browser would keep its first button. */
.st-key-actions_run:has(.stProgress) .st-key-sweep-start { display: none; }
.st-key-beliefs details { border-style: dashed; }
.st-key-beliefs { margin-top: 0.6rem; }
.st-key-to_levers, .st-key-settings_head { display: none; }
.st-key-yaml textarea { font-family: "Source Code Pro", monospace; font-size: 0.85rem;
  line-height: 1.45; white-space: pre; overflow-x: auto; }
/* It says the limit of the server, not that of a scenario file, which the label says. */
.st-key-start [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
/* On the light blue of dark pages white letters are hard to read, and dark ones are on the deeper
   blue that Streamlit turns it into under the pointer. */
button[kind="primary"]:enabled p { color: var(--alignsim-page); }
button[kind="primary"]:enabled:is(:hover, :active, :focus-visible) {
  background-color: var(--alignsim-ink); border-color: var(--alignsim-ink); }
/* A document stands below a title of the page, so nothing in it is larger than that. */
.st-key-document :is(h2, h3, h4, h5, h6) { padding: 0.6rem 0 0; line-height: 1.3; }
.st-key-document h2 { font-size: 1.05rem; }
.st-key-document h3 { font-size: 0.98rem; }
.st-key-document :is(h4, h5, h6) { font-size: 0.92rem; }
/* A file is a link to fetch, near to what it holds. */
[class*="st-key-csv"], [class*="st-key-downloads"], [class*="st-key-pictures"],
[class*="st-key-recipe"] { margin-top: -0.7rem; }
[class*="st-key-downloads"] [class*="st-key-"] { margin-top: 0; }
:is([class*="st-key-csv"], [class*="st-key-pictures"], [class*="st-key-recipe"]) button {
  min-height: 1.8rem; padding: 0; color: var(--alignsim-soft); }
:is([class*="st-key-csv"], [class*="st-key-pictures"], [class*="st-key-recipe"]) button p {
  text-decoration: underline; text-underline-offset: 0.15em; }
/* Buttons that only a mouse over a chart or a table shows: they cover what is above it, each is a
   stop for the keyboard, and the grid's own download knows nothing of formulas. */
[data-testid="stElementToolbar"] { display: none; }
@media (min-width: 1000px) {
  div:has(> .st-key-levers) { position: sticky; top: 3.8rem; }
  .st-key-levers { max-height: calc(100vh - 4.6rem); overflow-y: auto;
    padding: 2px 0.6rem 2px 2px; }
}
/* Where two columns would leave neither room for its words, as at twice the size on most screens:
   the results first and the levers below them. */
@media screen and (max-width: 900px) {
  .st-key-to_levers, .st-key-settings_head { display: block; }
  [data-testid="stColumn"]:has(.st-key-levers, .st-key-results) { flex: 1 1 100%; min-width: 100%; }
  [data-testid="stColumn"]:has(.st-key-levers) { order: 2; }
  [data-testid="stColumn"]:has(.st-key-results) { order: 1; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 0.4rem 1rem 3rem; }
  [data-testid="stHeader"] { background: transparent; pointer-events: none; }
  .st-key-pages { position: static; height: auto; flex-wrap: wrap; margin: 0 -0.5rem; }
  .st-key-pages a { min-height: 2rem; }
  .stMainBlockContainer h1 { font-size: 1.35rem; }
  .st-key-finding > div:has(> .stHeading) { padding: 0.3rem 0 1.2rem; }
}
/* The headline alone stays over the results, where enough of them is seen below it: not on a phone
   held sideways, nor where letters are four times as large. What explains it scrolls away. */
@media (max-width: 640px) and (min-height: 600px) {
  :is(div:has(> .st-key-finding), .st-key-finding,
    .st-key-finding div:has(.st-key-headline):not(:has(> .st-key-headline))) { display: contents; }
  .st-key-finding div:has(> .st-key-headline), .st-key-finding > div:has(> .stHeading) {
    position: sticky; top: 0; z-index: 20; background: var(--alignsim-page); }
  .st-key-finding div:has(> .st-key-headline) { padding: 0.3rem 0; margin: 0; }
  [data-testid="stMain"]:has(.st-key-finding) { scroll-padding-top: 9rem; }
  #levers { scroll-margin-top: 9rem; }
}
/* Where the system chooses the colours it takes away all that is said by a background alone. */
@media (forced-colors: active) {
  .stApp [data-testid="stButtonGroup"] button[role="radio"][aria-checked="true"] {
    forced-color-adjust: none; background: Highlight; border-color: Highlight; }
  .stApp [data-testid="stButtonGroup"] button[role="radio"][aria-checked="true"] * {
    color: HighlightText; }
  /* The line of a slider, and its handle. */
  [data-testid="stSlider"] [role="group"] > div > :first-child { background: ButtonBorder; }
  [data-testid="stSlider"] div:has(> [data-testid="stSliderThumbValue"]) {
    background: Highlight; }
  [data-testid="stAlertContainer"] { border: 1px solid; }
}
/* On paper: the results first and in full, no controls. Streamlit says of columns that they are
   blocks on paper, and that it is important. */
[data-testid="stElementContainer"]:has(.alignsim-origin) { display: none; }
@media print {
  [data-testid="stElementContainer"]:has(.alignsim-origin) { display: block; }
  .alignsim-origin { font-size: 0.8rem; color: var(--alignsim-soft); overflow-wrap: anywhere; }
  @page { margin: 1.4cm; }
  :root { --alignsim-page: #ffffff; }
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], .stMainBlockContainer {
    position: static; display: block; overflow: visible; height: auto; }
  .stMainBlockContainer { max-width: none; padding: 0; }
  [data-testid="stHeader"], .st-key-pages, .alignsim-skip, .alignsim-status, .st-key-to_levers,
  [data-testid="stColumn"]:has(.st-key-levers), [data-testid="stStatusWidget"],
  :is(.stButton, .stDownloadButton, .stSelectbox, .stButtonGroup, .stTextInput, .stNumberInput,
    .stSlider, .stPopover, .stFileUploader, .stExpander:has(> details:not([open]))),
  :is(.st-key-actions, .st-key-start_again, .st-key-questions) { display: none !important; }
  [data-testid="stColumn"]:has(.st-key-results) { flex: 1 1 100%; width: 100%; min-width: 100%; }
  .st-key-finding div:has(> .st-key-headline), .st-key-finding > div:has(> .stHeading),
  div:has(> .st-key-levers) { position: static; }
  /* A chart, a card or a row is not cut by the end of a page, nor a heading left at it. */
  .stVegaLiteChart, [data-testid="stMetric"], [class*="st-key-card"], tr, li, pre {
    break-inside: avoid; }
  h1, h2, h3, [data-testid="stElementContainer"]:has(
    h1, h2, h3, [data-testid="stCaptionContainer"]) { break-after: avoid; }
  .listing { max-height: none; overflow: visible; }
  .stDataFrame::after {
    content: "A table on paper ends here; its CSV has all of its rows and columns."; }
  .stTextArea textarea { field-sizing: content; height: auto; white-space: pre-wrap; }
  .stVegaLiteChart svg { max-width: 100%; height: auto; }
  a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.8em; word-break: break-all; }
}
</style>
"""


def apply_style() -> Theme:
    """Write style and script into the page, and return the theme for its charts."""
    found = theme(st.context.theme.type == "dark")
    st.html(
        f"{CSS}<style>:root {{ --alignsim-soft: {found.soft}; "
        f"--alignsim-page: {found.page}; --alignsim-grid: {found.grid}; "
        f"--alignsim-ink: {found.ink}; --alignsim-focus: {found.colour('first')}; }}</style>"
    )
    run_page_script()
    return found
