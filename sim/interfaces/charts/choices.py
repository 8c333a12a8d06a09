"""What a caller chooses of a chart: a provider, a country, axes. Each choice is checked here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.analysis.answers import Answer
from sim.analysis.discovery.discovering import Discovery
from sim.analysis.evidence import SCORES, Evidence
from sim.analysis.explanation.two_scenarios.differing import WhyDifference
from sim.analysis.groups.grouping import Groups
from sim.analysis.groups.totals import WEIGHTS
from sim.analysis.over_time import OFFER_MEASURES
from sim.analysis.pairing import absence_in_words, ensembles_of, provider_names
from sim.analysis.sensitivity.ranking import Ranking
from sim.analysis.shown import Shown
from sim.analysis.splitting.splitting import Split
from sim.analysis.sweeps.shown import ShownSweep
from sim.errors import Problem
from sim.words.titles import country_names

Subjects = Shown | ShownSweep | Evidence | Answer | Ranking
# Ways to divide a difference of two scenarios.
WAYS_TO_DIVIDE = ("cause", "country")
# Ways to split one: by part of the change, or by UN region.
WAYS_TO_SPLIT = ("part", "region")


def problems_with(shown: Subjects, choices: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the choices that have a check."""
    checks = next((own for kind, own in CHECKS_OF if isinstance(shown, kind)), {})
    found = [checks[key](shown, choices[key]) for key in choices if key in checks]
    return [problem for problem in found if problem is not None]


def _not_among(key: str, value: Any, known: Iterable[str]) -> Problem | None:
    """Return a problem with a choice that is not one of some names."""
    names = [*known]
    if isinstance(value, str) and value in names:
        return None
    rule = f"{key} = {value!r} is not available here."
    return Problem("", 0, rule, f"Choose one of {', '.join(names)}.")


def _provider(shown: Shown, value: Any) -> Problem | None:
    return _not_among("provider", value, provider_names(shown))


def _country(shown: Shown, value: Any) -> Problem | None:
    if value in shown.ensemble.axes.country:
        return None
    if not isinstance(value, str) or value not in country_names():
        rule = f"country = {value!r} is not the ISO3 code of a country."
        return Problem("", 0, rule, "Give a code such as 'BRA'.")
    side = "" if shown.other is None else "A"
    why = " ".join(absence_in_words(value, {side: shown.a.scenario}))
    return Problem("", 0, f"country = {value!r}: {why}", "Choose another country.")


def _side(shown: Shown, value: Any) -> Problem | None:
    return _not_among("side", value, ensembles_of(shown))


def _month(shown: Shown, value: Any) -> Problem | None:
    return None if value == "" else _not_among("month", value, shown.ensemble.axes.month)


def _measure(_: Shown, value: Any) -> Problem | None:
    return _not_among("measure", value, OFFER_MEASURES)


def _axis(key: str) -> Callable[[ShownSweep, Any], Problem | None]:
    def check(shown: ShownSweep, value: Any) -> Problem | None:
        return None if value is None else _not_among(key, value, shown.names)

    return check


def _held(shown: ShownSweep, value: Any) -> Problem | None:
    for name, number in (value or {}).items():
        if name not in shown.names:
            return _not_among("held", name, shown.names)
        own = np.unique(shown.values[:, shown.names.index(name)])
        if not np.isclose(own, number, equal_nan=True).any():
            rule = f"held: the sweep has no points with {name} = {number!r}."
            return Problem("", 0, rule, f"Choose one of {', '.join(f'{each:g}' for each in own)}.")
    return None


def _score(_: Evidence, value: Any) -> Problem | None:
    return _not_among("score", value, SCORES)


def _programme(shown: Evidence, value: Any) -> Problem | None:
    return None if value is None else _not_among("programme", value, shown.titles)


def _box(shown: Discovery, value: Any) -> Problem | None:
    numbers = [*range(1, len(shown.boxes) + 1)]
    if value in numbers and not isinstance(value, bool):
        return None
    rule = f"box = {value!r} is not a box of this search."
    return Problem("", 0, rule, f"Choose one of {', '.join(map(str, numbers))}.")


def _way(_: WhyDifference, value: Any) -> Problem | None:
    return _not_among("by", value, WAYS_TO_DIVIDE)


def _division(shown: Split, value: Any) -> Problem | None:
    # Only sums over countries are divided by region.
    ways = WAYS_TO_SPLIT if shown.by_place else WAYS_TO_SPLIT[:1]
    return _not_among("by", value, ways)


def _weight(_: Groups, value: Any) -> Problem | None:
    return _not_among("weight", value, WEIGHTS)


RUN_CHECKS: dict[str, Callable[[Shown, Any], Problem | None]] = {
    "provider": _provider,
    "country": _country,
    "side": _side,
    "measure": _measure,
    "month": _month,
}
SWEEP_CHECKS: dict[str, Callable[[ShownSweep, Any], Problem | None]] = {
    "across": _axis("across"),
    "up": _axis("up"),
    "held": _held,
}
EVIDENCE_CHECKS: dict[str, Callable[[Evidence, Any], Problem | None]] = {
    "score": _score,
    "programme": _programme,
}
DISCOVERY_CHECKS: dict[str, Callable[[Discovery, Any], Problem | None]] = {"box": _box}
DIFFERENCE_CHECKS: dict[str, Callable[[WhyDifference, Any], Problem | None]] = {"by": _way}
SPLIT_CHECKS: dict[str, Callable[[Split, Any], Problem | None]] = {"by": _division}
GROUP_CHECKS: dict[str, Callable[[Groups, Any], Problem | None]] = {"weight": _weight}
# Choices that only pages make, out of what they have drawn: nobody writes them.
OF_PAGES = frozenset({"chosen", "points"})
CHECKS_OF: tuple[tuple[type, Mapping[str, Callable[[Any, Any], Problem | None]]], ...] = (
    (Shown, RUN_CHECKS),
    (ShownSweep, SWEEP_CHECKS),
    (Evidence, EVIDENCE_CHECKS),
    (Discovery, DISCOVERY_CHECKS),
    (WhyDifference, DIFFERENCE_CHECKS),
    (Groups, GROUP_CHECKS),
    (Split, SPLIT_CHECKS),
)
