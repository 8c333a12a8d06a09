"""Answers about results, on whichever page they stand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from sim.analysis.shared.tally import Progress
from sim.errors import SimError
from sim.interfaces.explorer.controls.latest import problems_in_words
from sim.interfaces.explorer.state import session
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.analysis.answers import Answer

T = TypeVar("T")
SECONDS_BETWEEN = 0.25


@dataclass
class _Kept:
    """An answer that visitors share; while one works it out, those who ask the same wait."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: Any = None


@st.cache_resource(max_entries=64, ttl=600, show_spinner=False)
def _kept(key: str) -> _Kept:
    return _Kept()


def ask(doing: str, key: str, question: Callable[[Progress], T]) -> T | None:
    """Return the answer to a question; None after drawing why there is none.

    Until it is there, a bar shows how far it is.

    Parameters
    ----------
    doing : str
        What is done meanwhile, for readers.
    key : str
        What tells the question from all others.
    question : callable
        Takes what it calls with (futures done, futures expected), and returns the answer.
    """
    kept = _kept(key)
    place = st.empty()
    drawn = 0.0

    def report(done: int, expected: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - drawn >= SECONDS_BETWEEN:
            drawn = now
            text = f"{doing}: {done:,} of about {expected:,} futures"
            place.progress(min(1.0, done / max(expected, 1)), text=escaped(text))

    try:
        if kept.found is None:
            place.progress(0.0, text=escaped(f"{doing} ..."))
            with kept.lock:
                if kept.found is None:
                    kept.found = question(report)
        found: T = kept.found
    except SimError as error:
        place.empty()
        st.info(escaped(" ".join(problems_in_words(error))))
        return None
    place.empty()
    return found


def is_asked_of(name: str, choice: str, key: str, again: str) -> bool:
    """Return whether a question was asked of what is on view; if not, draw a button that asks anew.

    An answer takes some seconds. So another choice is a question anew, and a lever moved under the
    same choice is not.

    Parameters
    ----------
    name : str
        Name of the question on its page.
    choice : str
        What was chosen in it.
    key : str
        What tells the scenarios, futures and so on from others.
    again : str
        Label of the button.
    """
    asked_for, asked_of = session.kept(name) or ("", "")
    if asked_for != choice:
        asked_of = key
        session.keep(name, (choice, key))
    if asked_of == key:
        return True
    st.button(again, key=f"{name}.again", on_click=session.keep, args=(name, (choice, key)))
    return False


def show_sentences(answer: Answer) -> None:
    """Draw what was found, a paragraph for each sentence."""
    st.markdown("\n\n".join(escaped(sentence) for sentence in answer.sentences()))
