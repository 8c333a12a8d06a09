"""What a script in the browser does on every page: a way past the controls, and the right colours.

The first stop of the keyboard leads to the results, past the links and some thirty controls.
Streamlit's own leads to the whole page, which begins with them. And if the system turns from light
to dark while a page is open, the page is drawn anew, since charts are drawn with its colours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.interfaces.explorer.state import session

SKIP = "Skip to the result"
_JS = """
export default function ({ data, setStateValue }) {
  let link = document.querySelector('a.alignsim-skip')
  if (!link && data.skip) {
    link = document.createElement('a')
    link.className = 'alignsim-skip'
    link.href = '#'
    link.textContent = data.skip
    link.onclick = (event) => {
      event.preventDefault()
      const head = document.querySelector('[data-testid="stMain"] h1')
      // Where levers stand between headline and results, the results: the title tells the former.
      const target = document.querySelector('.st-key-results') ?? head
      if (!target) return
      target.tabIndex = -1
      target.focus({ preventScroll: true })
      head?.scrollIntoView({ block: 'center' })
    }
    // Outside of what Streamlit draws, which would take it away.
    document.body.prepend(link)
  }
  // The whole page is no stop of its own: what is in it is.
  document.querySelector('[data-testid="stMain"]')?.setAttribute('tabindex', '-1')
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  // Streamlit hears of it too, and must have turned first: it tells the server its colours.
  const turned = () => setTimeout(() => setStateValue('dark', scheme.matches), 300)
  scheme.addEventListener('change', turned)
  return () => scheme.removeEventListener('change', turned)
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    """Register the component, once per server."""
    return st.components.v2.component("alignsim_page", js=_JS)


def run_page_script() -> None:
    """Send the script; a figure that stands alone in a frame needs no way past anything."""
    with st.container(key="page_script"):
        data = {"skip": "" if st.context.is_embedded else SKIP}
        _component()(data=data, key="page_script_once", on_dark_change=session.stay)
