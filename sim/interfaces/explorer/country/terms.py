"""The terms offered to a country: what every offer asks and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.pairing import ensembles_of, provider_names, sides_of
from sim.scenario import FieldSpec, Offer, Provider, field_at, numeric_fields, split_address
from sim.words.offer_terms import in_words, label_of, meaning_for_readers
from sim.words.text import told_apart
from sim.words.titles import offer_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

NO_OFFER = "no such offer"


def terms_table(answer: ShownAnswer, code: str) -> pd.DataFrame:
    """Return the terms of every offer for a country, with A beside B.

    Returns
    -------
    DataFrame
        Offer, short label of the term, value in A with the ends of the range from which futures
        draw it, the same in B, unit, what the term means. `shown_terms` gives the same for reading.
    """
    sides, titles = sides_of(answer), _titles(answer)
    rows = _standing(answer, code, titles)
    for reference, term, spec, address in _addresses(answer, titles):
        row: dict[str, Any] = {"offer": reference, "term": label_of(term, spec)}
        for name, side in sides.items():
            row |= _value(name, side.scenario, address)
        row |= {"unit": spec.unit or ("switch" if spec.kind == "switch" else "")}
        rows.append(row | {"meaning": meaning_for_readers(spec)})
    table = pd.DataFrame(rows)
    order = {offer: n for n, offer in enumerate(dict.fromkeys(table["offer"]))}
    table = table.sort_values("offer", key=lambda names: names.map(order), kind="stable")
    ends = [f"{name}{end}" for name in sides for end in ("", ", drawn from", ", drawn to")]
    return table[["offer", "term", *ends, "unit", "meaning"]].reset_index(drop=True)


def shown_terms(table: pd.DataFrame) -> pd.DataFrame:
    """Return `terms_table` in the form the page shows: the range in brackets after the value."""
    shown = table[["offer", "term"]].copy()
    for name in (name for name in ("A", "B") if name in table):
        ends = table[[name, f"{name}, drawn from", f"{name}, drawn to"]]
        head = name if "B" in table else "value"
        shown[head] = [_drawn(*cells) for cells in ends.itertuples(index=False, name=None)]
    return shown.assign(meaning=table["meaning"])


def _drawn(value: Any, low: Any, high: Any) -> str:
    text = value if isinstance(value, str) else f"{value:,g}"
    return text if pd.isna(low) or pd.isna(high) else f"{text} ({low:g} to {high:g})"


def _standing(answer: ShownAnswer, code: str, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return whether each offer admits the country."""
    found = {name: _standing_in(side, code, titles) for name, side in ensembles_of(answer).items()}
    rows = []
    for key in dict.fromkeys(key for side in found.values() for key in side):
        offer, term, unit, meaning = key
        row: dict[str, Any] = {"offer": offer, "term": term, "unit": unit}
        row["meaning"] = meaning
        rows.append(row | {name: side.get(key, NO_OFFER) for name, side in found.items()})
    return rows


def _titles(answer: ShownAnswer) -> dict[str, str]:
    """Return distinct titles for every provider and offer of either side."""
    found: dict[str, str] = {}
    for ensemble in ensembles_of(answer).values():
        own = {ref: offer_title(ensemble.scenario, ref) for ref in ensemble.scenario.offers}
        found = own | found
    return provider_names(answer) | told_apart(found)


def _standing_in(
    ensemble: Ensemble, code: str, titles: Mapping[str, str]
) -> dict[tuple[str, str, str, str], str | float]:
    i = ensemble.axes.country.index(code)
    found: dict[tuple[str, str, str, str], str | float] = {}
    for o, reference in enumerate(ensemble.scenario.offers):
        title = titles[reference]
        admitted = "yes" if ensemble.eligible[i, o] else "no, by rule"
        meaning = "Whether the rules of the offer admit the country at the start."
        found[title, "Admits it", "switch", meaning] = admitted
    return found


def _addresses(
    answer: ShownAnswer, titles: Mapping[str, str]
) -> list[tuple[str, str, FieldSpec, str]]:
    """Return title of provider or offer, term, its rules and its address, for every number.

    Terms that only a later scenario has come after those of the first.
    """
    found: dict[str, tuple[str, str, FieldSpec, str]] = {}

    def add(title: str, term: str, address: str) -> None:
        spec = field_at(split_address(address))
        assert spec is not None
        found.setdefault(address, (title, term, spec, address))

    for scenario in (side.scenario for side in sides_of(answer).values()):
        for name, provider in scenario.providers.items():
            for term in numeric_fields(Provider):
                add(titles[name], term, f"providers.{name}.{term}")
            for offer in provider.offers:
                for term in numeric_fields(Offer):
                    # The unexplained attraction is not a term that anybody offers.
                    if term != "intercept":
                        address = f"providers.{name}.offers.{offer}.{term}"
                        add(titles[f"{name}.{offer}"], term, address)
    return [*found.values()]


def _value(side: str, scenario: Scenario, address: str) -> dict[str, Any]:
    """Return the cells of a side: the value, and the range from which futures draw it."""
    low = high = None
    parts = split_address(address)
    provider = str(parts[1])
    if provider not in scenario.providers or (
        len(parts) > 3 and parts[3] not in scenario.providers[provider].offers
    ):
        value: Any = NO_OFFER
    else:
        value = in_words(found) if isinstance(found := scenario.value(address), bool) else found
        value = "no limit" if value is None else value
        spread = scenario.uncertainties.get(address)
        if spread is not None:
            low, high = spread.low, spread.high
    return {side: value, f"{side}, drawn from": low, f"{side}, drawn to": high}
