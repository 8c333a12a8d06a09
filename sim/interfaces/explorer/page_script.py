"""What a script in the browser does on every page, for those who do not see it and for all.

The first stop of the keyboard leads to the results, past the links and some thirty controls.
Streamlit's own leads to the whole page, which begins with them. A screen reader is told which links
lead to the pages, on which of them it is, and the headline whenever it has changed: a lever moves
it, and whoever moves the lever does not hear the top of the page. Links to the first page lead
there in another tab too. And if the system turns from light to dark while a page is open, the page
is drawn anew, since charts are drawn with its colours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.interfaces.explorer.state import session

SKIP = "Skip to the result"
PAGES = "Pages"
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
  const main = document.querySelector('[data-testid="stMain"]')
  main?.setAttribute('tabindex', '-1')
  let status = document.querySelector('.alignsim-status')
  if (!status && data.skip) {
    status = document.createElement('div')
    status.className = 'alignsim-status'
    status.setAttribute('role', 'status')
    document.body.append(status)
  }
  const tell = () => {
    const pages = main.querySelector('.st-key-pages')
    pages?.setAttribute('role', 'navigation')
    pages?.setAttribute('aria-label', data.pages)
    // Streamlit writes the first page as no path at all, which in another tab is the page itself.
    for (const each of main.querySelectorAll('a[data-testid="stPageLink-NavLink"]')) {
      const to = each.getAttribute('href')
      if (/^([?].*)?$/.test(to)) each.setAttribute('href', `./${to}`)
    }
    for (const each of pages?.querySelectorAll('a') ?? []) {
      if (each.pathname === location.pathname) each.setAttribute('aria-current', 'page')
      else each.removeAttribute('aria-current')
    }
    const headline = main.querySelector('h1')?.textContent
    if (!headline || headline === status.dataset.headline) return
    // The first is read with the page.
    if (status.dataset.headline) status.textContent = headline
    status.dataset.headline = headline
  }
  // Not at each of the many steps in which a page is drawn.
  let soon
  const watching = new MutationObserver(() => {
    clearTimeout(soon)
    soon = setTimeout(tell, 300)
  })
  if (main && status) {
    const what = { childList: true, characterData: true, subtree: true, attributeFilter: ['href'] }
    watching.observe(main, what)
    tell()
  }
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  // Streamlit hears of it too, and must have turned first: it tells the server its colours.
  const turned = () => setTimeout(() => setStateValue('dark', scheme.matches), 300)
  scheme.addEventListener('change', turned)
  return () => {
    scheme.removeEventListener('change', turned)
    watching.disconnect()
    clearTimeout(soon)
  }
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    """Register the component, once per server."""
    return st.components.v2.component("alignsim_page", js=_JS)


def run_page_script() -> None:
    """Send the script; a figure that stands alone in a frame needs no way past anything."""
    with st.container(key="page_script"):
        data = {"skip": "" if st.context.is_embedded else SKIP, "pages": PAGES}
        _component()(data=data, key="page_script_once", on_dark_change=session.stay)
