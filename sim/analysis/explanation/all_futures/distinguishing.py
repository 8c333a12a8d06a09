"""What distinguishes the futures in which a country ends with a partner from the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.explanation.all_futures.decisions import HAS, Decision
from sim.analysis.explanation.all_futures.separation import separate
from sim.experiment.intervals import variance_share
from sim.words.text import with_article
from sim.words.titles import address_title, path_title, provider_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.ensemble import Ensemble
    from sim.model.world.building import Built

# What a number that distinguishes futures is.
NUMBER, TASTE, ASKED, PEERS, PARTLY_CHANCE, CHANCE = (
    "uncertain number", "its own taste", "when it is asked", "its peers", "partly chance", "chance",
)  # fmt: skip
_SHARED = " (and what is drawn with it)"
_COLUMNS = ("mean_with", "mean_without", "difference", "auc", "low", "high")


@dataclass(frozen=True)
class Distinction:
    """One number compared between futures in which a country ends with a partner and the others.

    Parameters
    ----------
    kind : str
        `NUMBER`, `TASTE`, `ASKED`, `PEERS`, `PARTLY_CHANCE` or `CHANCE`.
    name, title, unit : str
        An address or a short name; the same for readers; the unit.
    mean_with, mean_without : float
        Means in both kinds of futures.
    difference : float
        Of the means, in pooled standard deviations.
    auc, low, high : float
        How likely a future with the partner has the larger number of the two, with its 90 %
        interval; 0.5 if it tells nothing, NaN with too few futures of either kind.
    is_clear : bool
        Whether it tells something, all numbers being compared at once; see `Separation`.
    """

    kind: str
    name: str
    title: str
    unit: str
    mean_with: float
    mean_without: float
    difference: float
    auc: float
    low: float
    high: float
    is_clear: bool


def distinctions(
    built: Built, ensemble: Ensemble, decisions: Sequence[Decision]
) -> list[Distinction]:
    """Return what distinguishes the futures in which it ends with one of the offers, best first."""
    happens = np.array([each.end == HAS for each in decisions])
    named = _told_once(_numbers(built, ensemble, decisions))
    if not named:
        return []
    found = separate(
        np.stack([values for _, values in named], axis=1), happens, ensemble.futures_per_draw
    )
    rows = []
    for f, ((kind, name, title, unit), _) in enumerate(named):
        numbers = {column: float(getattr(found, column)[f]) for column in _COLUMNS}
        clear = bool(found.is_clear[f])
        rows.append(Distinction(kind, name, title, unit, is_clear=clear, **numbers))
    return sorted(rows, key=lambda row: (not row.is_clear, -abs(np.nan_to_num(row.auc - 0.5))))


About = tuple[str, str, str, str]
Named = tuple[About, "NDArray[np.float64]"]


def _told_once(numbers: Iterable[Named]) -> list[Named]:
    """Return the numbers that vary; of those that are drawn as one, the first."""
    found: dict[bytes, Named] = {}
    for about, values in numbers:
        if np.ptp(values) > 0.0:
            key = values.tobytes()
            if key in found:
                (kind, name, title, unit), _ = found[key]
                about = (kind, name, f"{title.removesuffix(_SHARED)}{_SHARED}", unit)
            found[key] = (about, values)
    return [*found.values()]


def _numbers(
    built: Built, ensemble: Ensemble, decisions: Sequence[Decision]
) -> Iterator[tuple[About, NDArray[np.float64]]]:
    """Yield kind, name, title and unit of each number, and its value in each future."""
    scenario, axes = built.scenario, built.axes
    draws = np.arange(len(decisions)) // ensemble.futures_per_draw
    for j, address in enumerate(ensemble.number_names):
        about = (NUMBER, address, address_title(address, scenario), "")
        yield about, ensemble.number_draws[draws, j]
    alone = [int(built.world.path_alone[o]) for o in range(len(axes.offer))]
    alone += [int(built.world.sovereign)] if built.world.sovereign >= 0 else []
    for k in alone:
        title = f"Its taste for: {path_title(axes.path[k], scenario)}"
        yield (
            (TASTE, f"taste_{axes.path[k]}", title, "utility"),
            np.array([each.taste[k] for each in decisions]),
        )
    first = np.array([each.first_asked for each in decisions], np.float64)
    yield (ASKED, "first_asked", "Months until it is first asked", "months"), first
    for p, provider in enumerate(axes.provider):
        who = with_article(provider_name(scenario, provider))
        yield (
            (PEERS, f"peers_{provider}", f"Its peers with {who} in the last month", "share 0-1"),
            np.array([each.peer_share[p] for each in decisions]),
        )
    reviews = np.array([each.n_reviews for each in decisions], np.float64)
    yield (PARTLY_CHANCE, "n_reviews", "How often it takes a question up", "times"), reviews
    luck = np.array([each.luck for each in decisions])
    yield (CHANCE, "luck", "Luck of its choices", "utility"), luck


def share_of_numbers(ensemble: Ensemble, happens: NDArray[np.bool_]) -> float:
    """Return the share of the variation between futures that the uncertain numbers make, 0-1.

    The rest is chance: tastes, reviews, and the luck of choices. NaN with too few draws.
    """
    return float(variance_share(happens, ensemble.futures_per_draw))
