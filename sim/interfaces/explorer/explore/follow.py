"""A starting question leads to its answer: the page goes to the answer's heading and says so.

The answer may stand on another page, below parts that are drawn before it and push it down. So a
script in the browser waits for the heading, keeps it in view until the page is at rest, and leaves
the page to the visitor as soon as they scroll or type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

WORKING = "Working out the answer …"
_JS = """
const HANDS = ['wheel', 'touchmove', 'keydown', 'pointerdown']
const REST_TICKS = 5
function lead(place, words) {
  const note = document.createElement('div')
  note.className = 'alignsim-working'
  note.setAttribute('role', 'status')
  note.textContent = words
  document.body.append(note)
  let isLed = true, isFocused = false, hasRun = false, rest = 0
  const leave = () => { isLed = false }
  // The click itself is still under way.
  setTimeout(() => HANDS.forEach((hand) => addEventListener(hand, leave, true)))
  const timer = setInterval(() => {
    const app = document.querySelector('[data-testid="stApp"]')
    const isRunning = app?.dataset.testScriptState !== 'notRunning'
    hasRun ||= isRunning
    const head = document.querySelector(`${place} :is(h1, h2)`)
    if (head && isLed) {
      if (!isFocused) { head.tabIndex = -1; head.focus({ preventScroll: true }) }
      isFocused = document.activeElement === head
      head.scrollIntoView({ block: 'start' })
    }
    const waits = document.querySelector('[data-testid="stSkeleton"], [data-testid="stProgress"]')
    rest = head && hasRun && !isRunning && !waits ? rest + 1 : 0
    if (rest < REST_TICKS) return
    clearInterval(timer)
    HANDS.forEach((hand) => removeEventListener(hand, leave, true))
    note.remove()
  }, 100)
}
export default function ({ data }) {
  document.alignsimPlaces = data.places
  if (document.alignsimLeads) return
  document.alignsimLeads = true
  document.addEventListener('click', (event) => {
    const asked = event.target.closest?.('.st-key-questions :is(a, button)')
    const place = asked && document.alignsimPlaces[asked.innerText.trim()]
    if (place) lead(place, data.words)
  }, true)
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    """Register the component, once per server."""
    return st.components.v2.component("alignsim_follow", js=_JS)


def lead_to_answers(places: Mapping[str, str]) -> None:
    """Send the script.

    Parameters
    ----------
    places : mapping of str to str
        By question, the key of the container whose heading is that of its answer.
    """
    with st.container(key="follow_script"):
        selectors = {question: f".st-key-{place}" for question, place in places.items()}
        _component()(data={"places": selectors, "words": WORKING}, key="follow_script_once")
