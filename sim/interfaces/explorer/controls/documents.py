"""The documents of the project, shown in the page, so that every document named can be read."""

from __future__ import annotations

import re
from functools import cache

import streamlit as st

from sim.interfaces.explorer.controls.link_choices import choice
from sim.interfaces.explorer.controls.navigation import go_to
from sim.interfaces.explorer.state import session
from sim.interfaces.shipped_documents import FOLDER

DOCUMENTS = {
    "limits": "What the model cannot say",
    "evidence": "Evidence: forecasts of earlier programmes",
    "calibration": "How the numbers are estimated",
    "model": "The model",
    "data": "Data: sources, formulas, estimates",
    "scenarios": "Scenario files, key by key",
    "sweeps": "Sweeps",
    "bibliography": "Bibliography",
}
_DETAIL = "evidence.document"
_NO_DOCUMENT = "Choose one to read it here"
_HEIGHT_PX = 560
# With its caption: the page shows the chart itself.
_PICTURE = re.compile(r"<picture>.*?</picture>\s*\*.*?\*\n+", re.DOTALL)


def _linked(match: re.Match[str]) -> str:
    r"""Return a link to a document as a link to it on this page; of other links only the text.

    Examples
    --------
    >>> link = re.compile(r"\[(.+)\]\((.+)\)")
    >>> link.sub(_linked, "[limits.md](limits.md#scope)")
    '[“What the model cannot say”](evidence?show.evidence.document=limits)'
    >>> link.sub(_linked, "[the code](../sim)")
    'the code'
    """
    words, target = match.groups()
    name = target.split("#")[0].removesuffix(".md")
    if name not in DOCUMENTS or name == target:
        return words
    shown = f"“{DOCUMENTS[name]}”" if words == f"{name}.md" else words
    return f"[{shown}](evidence?show.{_DETAIL}={name})"


@cache
def document(name: str) -> str:
    """Return a document as Markdown for a page: headings one level lower, links to other documents.

    Raises
    ------
    OSError
        If it is not installed with this program.
    """
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = _PICTURE.sub("", text)
    text = re.sub(r"(?<!!)\[([^\]]+)\]\((?!https?://)([^)]+)\)", _linked, text)
    return re.sub(r"^(#{1,5}) ", r"#\1 ", text, flags=re.MULTILINE)


def show_documents() -> None:
    """Draw the choice of a document, and the chosen one."""
    st.header("Documents", anchor=False)
    asked = choice(_DETAIL, {"": _NO_DOCUMENT} | DOCUMENTS, "")

    def take(name: str | None) -> None:
        session.set_detail(_DETAIL, name or "")

    st.selectbox(
        "Read a document",
        list(DOCUMENTS),
        index=None,
        format_func=lambda name: DOCUMENTS.get(name, name),
        placeholder=_NO_DOCUMENT,
        **session.controlled("evidence.document", asked or None, take),
    )
    if not asked:
        return
    try:
        text = document(asked)
    except OSError:
        st.info(f"It is in docs/{asked}.md of the project's files, which are not on this server.")
        return
    with st.container(height=_HEIGHT_PX, border=True, key="document"):
        st.markdown(text)


def offer_document(name: str, key: str) -> None:
    """Draw a link to a document from another page."""
    if st.button(
        f"Read: {DOCUMENTS[name]}",
        key=f"read.{key}",
        type="tertiary",
        icon=":material/article:",
        on_click=session.stay,
    ):
        session.set_detail(_DETAIL, name)
        go_to("evidence")
