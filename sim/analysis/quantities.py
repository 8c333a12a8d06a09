"""Numbers that a result keeps, asked for in the words of its tables: ``n_countries(us)``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.experiment.outcomes import MEASURES, by_group, is_committed, path_membership
from sim.experiment.summaries.focus import checked_focus
from sim.experiment.sweeps.point_tables import world_outcomes
from sim.model.layout import NEVER
from sim.scenario.path_names import offer_id
from sim.scenario.wording import suggest
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.text import with_article
from sim.words.titles import country_names, offer_title, path_title, provider_name

if TYPE_CHECKING:
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.model.rows import Futures, Rows
    from sim.scenario import Scenario

Key = tuple[str, str, str]
PROBABILITY = "p_committed"
_FORM = re.compile(r"(\w+)\s*(?:\(([^()]*)\))?")
_HEDGING, _PATH = "_hedging", "n_on_"
_EXAMPLES = "For example: n_countries(us), or p_committed(KOR, us)."


@dataclass(frozen=True)
class Quantity:
    """One number of a point or of a future.

    Parameters
    ----------
    outcome : str
        As in the column ``outcome`` of the tables, or `PROBABILITY` for that of one country.
    provider, offer, country : str
        Whose it is; "" for what it is not about.
    unit, title : str
        Its unit, and its name for readers.
    """

    outcome: str
    provider: str
    offer: str
    country: str
    unit: str
    title: str

    @property
    def text(self) -> str:
        """The form in which it is asked for."""
        about = ", ".join(part for part in (self.country, self.offer or self.provider) if part)
        return f"{self.outcome}({about})" if about else self.outcome

    @property
    def is_probability(self) -> bool:
        """Whether it is the probability that one country ends with a provider."""
        return self.outcome == PROBABILITY


class Quantities:
    """What can be asked of a result.

    Parameters
    ----------
    scenario : Scenario
        The scenario that ran.
    units : mapping
        The unit of each outcome over the world, by provider, offer and name.
    """

    def __init__(self, scenario: Scenario, units: Mapping[Key, str]) -> None:
        self.scenario = scenario
        self._units = units

    @property
    def all(self) -> tuple[Quantity, ...]:
        """Every outcome over the world, in the order of the tables."""
        return tuple(self._quantity(key) for key in self._units)

    def find(self, text: str) -> Quantity:
        """Return the number that a text asks for.

        Raises
        ------
        InputError
            If the result has no such outcome, provider, offer or country; names what there is.
        """
        form = _FORM.fullmatch(text.strip())
        if form is None:
            raise refusal(f"{text.strip()[:100]!r} is not the name of an outcome.", _EXAMPLES)
        name, about = form[1], [part.strip() for part in (form[2] or "").split(",") if part.strip()]
        if name == PROBABILITY:
            return self._probability(about)
        keys = [key for key in self._units if key[2] == name]
        if not keys:
            known = dict.fromkeys([*(key[2] for key in self._units), PROBABILITY])
            raise refusal(f"{name} is not an outcome of this result.", suggest(name, known))
        whose = [offer_or_provider(key) for key in keys]
        if not about and len(keys) == 1:
            return self._quantity(keys[0])
        choices = ", ".join(f"{name}({each})" if each else name for each in whose)
        wanted = offer_id(about[0]) if about else None
        if len(about) != 1 or wanted not in whose:
            given = f"{name}({', '.join(about)})" if about else name
            lacks = "is not of this result" if about else "does not say whose"
            raise refusal(f"{given} {lacks}.", f"Choose one of {choices}.")
        return self._quantity(keys[whose.index(wanted)])

    def provider(self, text: str) -> str:
        """Return the short name of a provider of the scenario.

        Raises
        ------
        InputError
            If it has no such provider.
        """
        known = [*self.scenario.providers]
        if text in known:
            return text
        rule = f"{text!r} is not a provider of the scenario {self.scenario.name}."
        raise refusal(rule, f"Choose one of {', '.join(known)}.")

    def _probability(self, about: list[str]) -> Quantity:
        if len(about) != 2:
            rule = f"{PROBABILITY}({', '.join(about)}) must name a country and a provider."
            raise refusal(rule, f"For example: {PROBABILITY}(KOR, {next(iter(self._providers))}).")
        is_second = about[0] in self._providers and about[1] not in self._providers
        code, whose = reversed(about) if is_second else about
        country = checked_focus(code, self.scenario, "country")
        provider = self.provider(whose)
        who = with_article(provider_name(self.scenario, provider))
        title = f"Probability that {country_names()[country]} is with {who}"
        return Quantity(PROBABILITY, provider, "", country, "probability 0-1", title)

    @property
    def _providers(self) -> Collection[str]:
        return self.scenario.providers

    def _quantity(self, key: Key) -> Quantity:
        provider, offer, name = key
        return Quantity(name, provider, offer, "", self._units[key], _title(self.scenario, key))


def refusal(rule: str, remedy: str) -> InputError:
    """Return an error about something that was asked for."""
    return InputError([Problem("", 0, rule, remedy)])


def texts_of(given: str | Sequence[str] | None, key: str) -> list[str]:
    """Return what a caller asks for by one text or several.

    Raises
    ------
    InputError
        If something else is given.

    Examples
    --------
    >>> texts_of("n_countries(us)", "outcome"), texts_of(None, "outcome")
    (['n_countries(us)'], [])
    """
    listed = [given] if isinstance(given, str) else given or ()
    if isinstance(listed, Sequence) and all(isinstance(text, str) for text in listed):
        return [*listed]
    raise refusal(f"{key} = {given!r} must be a text or several.", _EXAMPLES)


def offer_or_provider(key: Key) -> str:
    """Return whose an outcome is: an offer, a provider, or "" for the world as a whole."""
    return key[1] or key[0]


def _title(scenario: Scenario, key: Key) -> str:
    """Return the title of an outcome over the world."""
    provider, offer, name = key
    if name.startswith(_PATH):
        return f"Countries on the path: {path_title(name.removeprefix(_PATH), scenario)}"
    bare = name.removesuffix(_HEDGING)
    words = OUTCOME_WORDS.get(bare)
    if words is not None:
        label = words.heading
    else:
        label = MEASURES.get(bare, ("", bare.replace("_", " ")))[1]
        label = label[:1].upper() + label[1:]
    if bare != name:
        return f"{'Countries' if bare == 'n_countries' else label}, with two partners"
    if offer:
        reference = next(ref for ref in scenario.offers if offer_id(ref) == offer)
        return f"{label}, {offer_title(scenario, reference)}"
    return f"{label}, {provider_name(scenario, provider)}" if provider else label


def quantities_of_sweep(found: StoredSweep) -> Quantities:
    """Return what can be asked of a finished sweep.

    Raises
    ------
    InputError
        If it has several scenarios, and none of them is chosen.
    """
    import pyarrow.compute as pc

    if found.frame("points", ["scenario"])["scenario"].nunique() > 1:
        names = [each.name for each in found.scenarios]
        rule = f"the sweep {found.heading.name} has the scenarios {', '.join(names)}."
        remedy = f"Ask about one: --scenario {names[0]}, or sweep.within('{names[0]}') in Python."
        raise refusal(rule, remedy)
    names = ["provider", "offer", "outcome", "unit"]
    rows = found.frame("outcomes", names, pc.field("point") == 0)
    rows = rows.fillna("").astype(str)
    keys = zip(rows["provider"], rows["offer"], rows["outcome"], strict=True)
    return Quantities(found.scenario, dict(zip(keys, rows["unit"], strict=True)))


def quantities_of_futures(futures: Futures, scenario: Scenario) -> Quantities:
    """Return what can be asked of futures."""
    return Quantities(scenario, {each.key: each.unit for each in world_outcomes(futures)})


@dataclass(frozen=True)
class AtPoints:
    """A number at every point of a sweep.

    Parameters
    ----------
    at_points : mapping
        Its columns in the tables of the sweep, each (P,), in the order of the design; NaN where a
        point has no such number.
    at_start : mapping
        The same at point 0.
    """

    at_points: Mapping[str, NDArray[np.float64]]
    at_start: Mapping[str, float]


def at_points(found: StoredSweep, quantity: Quantity) -> AtPoints:
    """Return a number at every point of a finished sweep.

    Raises
    ------
    RunError
        If a file of the sweep was changed.
    """
    import pyarrow.compute as pc

    if quantity.is_probability:
        table, where = "countries", pc.field("country") == quantity.country
    else:
        table, where = "outcomes", pc.field("outcome") == quantity.outcome
    rows = found.frame(table, where=where)
    is_own = rows["provider"].fillna("") == quantity.provider
    if not quantity.is_probability:
        is_own &= rows["offer"].fillna("") == quantity.offer
    own = rows[is_own].set_index("point").reindex(range(found.design.n_points + 1))
    columns = {str(name): own[name].to_numpy(np.float64) for name in own.select_dtypes("number")}
    return AtPoints(
        {name: values[1:] for name, values in columns.items()},
        {name: float(values[0]) for name, values in columns.items()},
    )


def value_column(quantity: Quantity) -> str:
    """Return the column that holds a number itself: a probability, or a mean over futures."""
    return PROBABILITY if quantity.is_probability else "mean"


def error_column(quantity: Quantity) -> str:
    """Return the column that holds the Monte Carlo standard error of a number."""
    return f"{PROBABILITY}_se_chance" if quantity.is_probability else "mean_se"


def in_futures(futures: Futures, quantity: Quantity) -> NDArray[np.float64]:
    """Return a number in each future, (R,); for a probability, whether the country is there."""
    axes = futures.axes
    if quantity.is_probability:
        p = axes.provider.index(quantity.provider)
        is_there = is_committed(futures, p)[:, axes.country.index(quantity.country)]
        return is_there.astype(np.float64)
    key = (quantity.provider, quantity.offer, quantity.outcome)
    (own,) = (each for each in world_outcomes(futures) if each.key == key)
    return own.values.astype(np.float64)


def means_in_months(rows: Rows, quantity: Quantity, months: Collection[int]) -> NDArray[np.float64]:
    """Return the mean of a number over each group of futures at the ends of months, (G, months).

    Parameters
    ----------
    rows : Rows
        Groups of one size; with sums if the number is a probability.
    quantity : Quantity
        Of these futures.
    months : collection of int
        Indices of months.
    """
    n_groups = rows.eligible.shape[0]
    if quantity.is_probability:
        held = path_membership(rows)[:, rows.axes.provider.index(quantity.provider)]
        own = rows.country_path[:, rows.axes.country.index(quantity.country)]
        there: NDArray[np.float64] = own[:, held].sum(axis=1) / (len(rows.final_path) / n_groups)
        return there[:, list(months)]
    found = [in_futures(_until(rows, t), quantity) for t in months]
    return np.stack([by_group(values, n_groups).mean(axis=0) for values in found], axis=-1)


def _until(rows: Rows, t: int) -> Rows:
    """Return the record of futures up to month t, with the paths of countries as they end."""
    return replace(
        rows,
        path_count=rows.path_count[:, : t + 1],
        path_share=rows.path_share[:, : t + 1],
        offer_record=rows.offer_record[:, : t + 1],
        month_signed=np.where(rows.month_signed > t, NEVER, rows.month_signed).astype(np.int16),
    )
