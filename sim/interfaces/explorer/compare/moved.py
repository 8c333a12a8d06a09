"""What moved the result: the difference between two scenarios, divided among the changes."""

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
from sim.interfaces.explorer.state.differences import FUTURES, SPLITTING, split_asked, split_of
from sim.interfaces.recipes.recipe import answer_of_two

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import ScenarioColumn

_CHOICE = "compare.split"


def show_what_moved(columns: Sequence[ScenarioColumn], of: str, theme: Theme) -> None:
    """Draw the choice of a scenario, and which of its changes moved a provider's partners."""
    two = pick_against(
        columns, "What moved the result", f"Difference between {columns[0].label} and", _CHOICE,
        "Every mixture of the two scenarios is run in the same futures: with two parts 4 runs, "
        "with eight 256. The parts add up to the difference.",
    )  # fmt: skip
    if two is None:
        return
    found = ask(
        SPLITTING,
        f"split {two.key} {of}",
        lambda progress: split_of(two.a, two.b, of, FUTURES, two.seed, two.last, None, progress),
    )
    if found is None:
        return
    show_sentences(found)
    origin = partial(origin_of_columns, columns, session.current())
    drawn = show_chart("split", found, theme)
    asked = split_asked(two.a, two.b, of, FUTURES, two.seed, two.last, None)
    offer_csv(
        lambda: found.frame(), "what-moved-the-result", "CSV of the parts", origin, [drawn],
        lambda: answer_of_two(asked, two.two()),
    )  # fmt: skip
    drawn = show_chart("split", found, theme, "split.region", by="region")
    by_region = partial(found.frame, "countries")
    label = "CSV of the parts by UN region"
    offer_csv(by_region, "where-the-result-moved", label, origin, [drawn])
