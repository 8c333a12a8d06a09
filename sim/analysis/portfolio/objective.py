"""What a provider wants of its partners: one measure, or a weighted sum of several."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import refusal
from sim.experiment.outcomes import is_committed, path_membership
from sim.model.layout import MW_CONTRACTED, MW_LIVE
from sim.scenario.wording import suggest

if TYPE_CHECKING:
    from sim.model.rows import Rows

Values = NDArray[np.float64]
MW_PER_GW = 1000.0


@dataclass(frozen=True)
class Measure:
    """One thing that a provider may want.

    Parameters
    ----------
    name, title, unit : str
        As options have it, as readers see it, and what it is counted in.
    aim : str
        The aim in words, after *for*.
    says : str
        An outcome in words; ``{who}`` is the provider, ``{amount}`` the number.
    note : str
        What the model takes for granted, for readers; "" if nothing need be said.
    """

    name: str
    title: str
    unit: str
    aim: str
    says: str
    note: str = ""


_WORLD = "% of the world"
_MEASURES = (
    ("partners", "Partners that hold the offer", "countries", "the most partners",
     "{who} would have {amount} partners under the offer",
     "Every partner counts alike here, whatever its size: small states that say yes come first."),
    ("camp", "Countries with the provider by any offer", "countries", "the largest camp",
     "{who} would have {amount} countries in its camp, by any offer"),
    ("compute", "Data centres contracted under the offer", "GW", "the most compute",
     "{who} would have {amount} GW contracted under the offer",
     "A country takes what fits its need and its power, within the sizes of the offer."),
    ("live_compute", "Data centres live under the offer", "GW", "the most live compute",
     "{who} would have {amount} GW live under the offer"),
    ("gdp", "World GDP in the camp", _WORLD, "the most GDP in the camp",
     "{who} would have {amount} % of world GDP in its camp"),
    ("population", "World population in the camp", _WORLD, "the most people in the camp",
     "{who} would have {amount} % of the world's people in its camp"),
    ("readiness", "World AI readiness in the camp", _WORLD, "the most AI readiness in the camp",
     "{who} would have {amount} % of the world's AI readiness in its camp",
     "Readiness is an index of each country, not weighed by its size, so a small state that is "
     "ready counts as much as a large one."),
    ("rival_loss", "Partners that rivals lose", "countries", "the greatest loss of rivals",
     "rivals of {who} would have {amount} fewer partners"),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = {row[0]: Measure(*row) for row in _MEASURES}
RIVALS = "rivals"  # partners of all rivals together
_OF_OFFER = {"partners", "compute", "live_compute"}
_SHARES = ("gdp", "population", "readiness")  # in the order of `World.share`
_FORM = re.compile(r"\s*(\w+)\s*(?:=\s*(\S+))?\s*")
EXAMPLE = "For example: partners, or partners=1,readiness=2."


@dataclass(frozen=True)
class Objective:
    """A weighted sum of measures.

    Parameters
    ----------
    weights : mapping of str to float
        Weight of each measure that counts, by its name.
    """

    weights: Mapping[str, float]

    @property
    def text(self) -> str:
        """The form in which it is asked for."""
        if self.single is not None:
            return self.single.name
        return ",".join(f"{name}={weight:g}" for name, weight in self.weights.items())

    @property
    def single(self) -> Measure | None:
        """The measure, if there is one alone with weight 1."""
        (name, weight), *more = self.weights.items()
        return MEASURES[name] if not more and weight == 1.0 else None

    @property
    def is_of_offer(self) -> bool:
        """Whether only those count who hold the offer, and not the whole camp or rivals."""
        return not {*self.weights} - _OF_OFFER

    @property
    def title(self) -> str:
        """What is counted, for readers."""
        if self.single is not None:
            return self.single.title
        return f"Weighted sum {self.text}"

    @property
    def unit(self) -> str:
        """What it is counted in."""
        return "points" if self.single is None else self.single.unit

    @property
    def aim(self) -> str:
        """The aim in words, after *for*."""
        return f"the weighted sum {self.text}" if self.single is None else self.single.aim

    @property
    def says(self) -> str:
        """An outcome in words, as `Measure.says`."""
        if self.single is not None:
            return self.single.says
        return f"{self.aim} of {{who}} would be {{amount}}"

    def total(self, measured: Mapping[str, Values]) -> Values:
        """Return the sum of measures, weighted, in each future."""
        return np.asarray(sum(w * measured[name] for name, w in self.weights.items()), np.float64)


def read_objective(given: str | Mapping[str, float]) -> Objective:
    """Return the objective that a text or a mapping asks for.

    Raises
    ------
    InputError
        If it names no measure, an unknown one, one twice, or a weight that is no positive number.

    Examples
    --------
    >>> read_objective("partners=1, readiness=2").weights
    {'partners': 1.0, 'readiness': 2.0}
    """
    pairs = [*given.items()] if isinstance(given, Mapping) else _pairs(given)
    found: dict[str, float] = {}
    for name, weight in pairs:
        if name not in MEASURES:
            rule = f"objective {str(name)[:60]!r} is not known."
            known = f"Choose of {', '.join(MEASURES)}."
            guess = suggest(str(name), MEASURES)
            raise refusal(rule, guess if guess.startswith("Did") else known)
        if name in found:
            raise refusal(f"objective {name} is given twice.", "Give it once.")
        found[name] = _weight(name, weight)
    if not found:
        raise refusal("the objective is empty.", EXAMPLE)
    return Objective(found)


def _pairs(text: object) -> list[tuple[str, object]]:
    if not isinstance(text, str):
        raise refusal(f"objective must be a text, not a {type(text).__name__}.", EXAMPLE)
    pairs: list[tuple[str, object]] = []
    for part in text.split(","):
        form = _FORM.fullmatch(part)
        if form is None:
            raise refusal(f"objective {part.strip()[:60]!r} cannot be read.", EXAMPLE)
        pairs.append((form[1], form[2] or 1.0))
    return pairs


def _weight(name: str, given: object) -> float:
    weight = math.nan
    if isinstance(given, str | SupportsFloat) and not isinstance(given, bool):
        with suppress(TypeError, ValueError):
            weight = float(given)
    if not (math.isfinite(weight) and weight > 0.0):
        rule = f"objective {name}: its weight {str(given)[:40]!r} must be a number above 0."
        raise refusal(rule, EXAMPLE)
    return weight


@dataclass(frozen=True)
class PathWorth:
    """What a country on a path is to a provider that makes an offer.

    Parameters
    ----------
    holds_offer, in_camp : ndarray of bool, shape (K,)
        Whether the path holds the offer; whether it holds any offer of the provider.
    rivals : ndarray of int64, shape (K,)
        How many other providers it holds offers of.
    share : ndarray, shape (n, 3)
        Share of world GDP, population and AI readiness of each country, 0-1.
    """

    holds_offer: NDArray[np.bool_]
    in_camp: NDArray[np.bool_]
    rivals: NDArray[np.int64]
    share: Values

    def of_countries(
        self, objective: Objective, path: NDArray[np.integer], size_mw: Values
    ) -> Values:
        """Return what each country adds to the objective by the path on which it is.

        Parameters
        ----------
        objective : Objective
        path : ndarray of int, shape (R, n) or (n,)
        size_mw : ndarray of the same shape
            Data centre that the country takes under the offer.
        """
        weights = objective.weights
        holds = self.holds_offer[path].astype(np.float64)
        camp = self.in_camp[path].astype(np.float64)
        compute = weights.get("compute", 0.0) + weights.get("live_compute", 0.0)
        found = holds * (weights.get("partners", 0.0) + compute * size_mw / MW_PER_GW)
        by_share = sum(
            100.0 * weights.get(name, 0.0) * self.share[:, column]
            for column, name in enumerate(_SHARES)
        )
        found += camp * (weights.get("camp", 0.0) + by_share)
        return np.asarray(found - weights.get("rival_loss", 0.0) * self.rivals[path], np.float64)


def measures_of(rows: Rows, worth: PathWorth, o: int, p: int) -> dict[str, Values]:
    """Return every measure in each future, (R,), but for the loss of rivals: their partners."""
    last = rows.offer_record[:, -1, o]
    camp = is_committed(rows, p)
    member = path_membership(rows)[rows.final_path].sum(axis=(1, 2))
    shares = 100.0 * (camp.astype(np.float64) @ worth.share)
    return {
        "partners": worth.holds_offer[rows.final_path].sum(axis=1).astype(np.float64),
        "camp": camp.sum(axis=1).astype(np.float64),
        "compute": last[:, MW_CONTRACTED] / MW_PER_GW,
        "live_compute": last[:, MW_LIVE] / MW_PER_GW,
        **{name: shares[:, column] for column, name in enumerate(_SHARES)},
        RIVALS: (member - camp.sum(axis=1)).astype(np.float64),
    }
