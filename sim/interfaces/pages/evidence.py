"""The page Evidence: where figures come from, what is estimated, what is assumed, the limits."""

from __future__ import annotations

from sim.interfaces.explorer import evidence_parts, session
from sim.interfaces.explorer.navigation import show_pages
from sim.interfaces.explorer.style import apply_style

apply_style()
session.open_session()
show_pages()
evidence_parts.show_evidence()
session.close_session()
