"""The page Compare: two to four scenarios side by side, and what changed most."""

from __future__ import annotations

from sim.interfaces.explorer import compare_parts, session
from sim.interfaces.explorer.compare_columns import read_columns
from sim.interfaces.explorer.navigation import show_pages
from sim.interfaces.explorer.style import apply_style

apply_style()
session.open_session()
show_pages()
columns = read_columns(session.current())
of = compare_parts.provider_looked_at(columns)
compare_parts.show_finding(columns, of)
compare_parts.show_page(columns, of)
session.close_session()
