"""Why two scenarios differ: which reasons and which countries make the difference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.interfaces.explorer.compare.against import pick_against
from sim.interfaces.explorer.controls.answers import ask, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.differences import FOLLOWING, reasons_asked, reasons_of
from sim.interfaces.recipes.recipe import answer_of_two

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import ScenarioColumn

_CHOICE = "compare.why"


def show_why_they_differ(columns: Sequence[ScenarioColumn], of: str, theme: Theme) -> None:
    """Draw the choice of a scenario, and why the partners of a provider are more or fewer in it."""
    two = pick_against(
        columns, "Which reasons and which countries", f"Why {columns[0].label} differs from",
        _CHOICE,
        "Each country that ends otherwise is traced to the month that decided, future by "
        "future: it was not asked, did not take the question up, or weighed otherwise.",
    )  # fmt: skip
    if two is None:
        return
    found = ask(
        FOLLOWING,
        f"why {two.key} {of}",
        lambda progress: reasons_of(two.a, two.b, of, two.seed, two.last, progress),
    )
    if found is None:
        return
    show_sentences(found)
    origin = partial(origin_of_columns, columns, session.current())
    asked = reasons_asked(two.a, two.b, of, two.seed, two.last)
    for by, table, label in (
        ("cause", "causes", "CSV of the reasons"),
        ("country", "countries", "CSV of the countries"),
    ):
        drawn = show_chart("why_difference", found, theme, f"why_difference.{by}", by=by)
        recipe = (lambda: answer_of_two(asked, two.two())) if by == "cause" else None
        offer_csv(partial(found.frame, table), f"why-by-{table}", label, origin, [drawn], recipe)
