"""What moved the result: the difference of two scenarios shared out over what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.analysis.splitting.parts import BY_ADDRESS, Part, parts_of
from sim.analysis.splitting.splitting import share_out
from sim.errors import InputError
from sim.interfaces.explorer.compare.against import pick_against
from sim.interfaces.explorer.controls.answers import ask, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.state import session

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import Compared
    from sim.scenario import Scenario

# Of each of up to 256 runs; the command line takes as many as wanted.
FUTURES = 200
MOST_NUMBERS = 5
_CHOICE = "compare.split"


def show_what_moved(columns: Sequence[Compared], of: str, theme: Theme) -> None:
    """Draw the choice of a scenario, and what of its changes moved the partners of a provider."""
    two = pick_against(
        columns, "What moved the result", f"Difference between {columns[0].label} and", _CHOICE,
        "Every mixture of the two scenarios is run in the same futures: with two parts 4 runs, "
        "with eight 256. The parts add up to the difference.",
    )  # fmt: skip
    if two is None:
        return
    found = ask(
        "Running every mixture of the two",
        f"split {two.key} {of}",
        lambda progress: share_out(
            two.a, two.b, _finest(two.a, two.b), f"n_countries({of})", FUTURES, two.seed,
            as_of=two.last, progress=progress,
        ),
    )  # fmt: skip
    if found is None:
        return
    show_sentences(found)
    drawn = show_chart("split", found, theme)
    origin = partial(origin_of_columns, columns, session.current())
    offer_csv(lambda: found.frame(), "what-moved-the-result", "CSV of the parts", origin, [drawn])


def _finest(a: Scenario, b: Scenario) -> tuple[Part, ...]:
    """Return the parts of a change: its numbers where there are few, as when levers move."""
    try:
        numbers = parts_of(a, b, BY_ADDRESS)
    except InputError:
        return parts_of(a, b)
    return numbers if len(numbers) <= MOST_NUMBERS else parts_of(a, b)
