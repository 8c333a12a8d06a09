"""Answers about results, on whichever page they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.analysis.answers import Answer


def show_sentences(answer: Answer) -> None:
    """Draw what was found, a paragraph for each sentence."""
    st.markdown("\n\n".join(escaped(sentence) for sentence in answer.sentences()))
