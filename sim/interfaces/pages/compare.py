"""The page Compare: two to four scenarios side by side, and what changed most."""

from __future__ import annotations

from sim.interfaces.explorer.compare import parts as compare_parts
from sim.interfaces.explorer.compare.columns import read_columns
from sim.interfaces.explorer.controls.navigation import show_pages
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.controls.style import apply_style
from sim.interfaces.explorer.quoting.printed import show_on_paper
from sim.interfaces.explorer.state import session

theme = apply_style()
session.open_session()
show_pages()
columns = read_columns(session.current())
of = compare_parts.provider_looked_at(columns)
compare_parts.show_finding(columns, of)
show_on_paper(origin_of_columns(columns, session.current()))
compare_parts.show_page(columns, of, theme)
session.close_session()
