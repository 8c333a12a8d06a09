"""The page Evidence: where figures come from, what is estimated, what is assumed, the limits."""

from __future__ import annotations

from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.evidence import parts as evidence_parts
from sim.interfaces.explorer.state import session

theme = apply_style()
session.open_session()
show_pages()
evidence_parts.show_evidence(theme)
session.close_session()
