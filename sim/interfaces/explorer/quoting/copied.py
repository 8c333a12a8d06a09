"""A line of text with a button that copies it, or marks it where a browser forbids copying."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

_CSS = """
.copied { display: flex; gap: 0.5rem; align-items: center; flex-wrap: wrap; font-family: inherit; }
input { flex: 1 1 16rem; min-width: 0; padding: 0.45rem 0.6rem; font: inherit;
  color: var(--st-text-color); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: 0.5rem; }
button { padding: 0.45rem 0.9rem; font: inherit; cursor: pointer; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: 0.5rem; }
:is(input, button):focus-visible { outline: 3px solid var(--st-primary-color);
  outline-offset: 2px; }
[role=status] { flex: 1 0 100%; font-size: 0.875rem; min-height: 1.3em; }
"""
_JS = """
export default function ({ data, parentElement: root }) {
  let box = root.querySelector('.copied')
  if (!box) {
    box = document.createElement('div')
    box.className = 'copied'
    const field = document.createElement('input')
    field.readOnly = true
    field.onfocus = () => field.select()
    const button = document.createElement('button')
    button.type = 'button'
    const status = document.createElement('span')
    status.setAttribute('role', 'status')
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(field.value)
        status.textContent = 'Copied.'
      } catch {
        // Without permission, or over plain HTTP: the link is marked, and one key copies it.
        field.focus()
        field.select()
        status.textContent = 'Marked: press Ctrl+C or ⌘C to copy it.'
      }
    }
    box.append(field, button, status)
    root.append(box)
  }
  const [field, button, status] = box.children
  if (field.value !== data.text) status.textContent = ''
  field.value = data.text
  field.setAttribute('aria-label', data.label)
  button.textContent = data.button
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    """Register the component, once per server."""
    return st.components.v2.component("alignsim_copied", css=_CSS, js=_JS)


def show_copied(text: str, label: str, button: str, key: str) -> None:
    """Draw a text in a field of one line, and a button that copies it.

    Parameters
    ----------
    text : str
    label : str
        What the text is, for screen readers.
    button : str
        The text of the button.
    key : str
        Key of the component, distinct on its page.
    """
    _component()(data={"text": text, "label": label, "button": button}, key=key)
