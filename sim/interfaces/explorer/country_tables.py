"""The tables of the page Country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.data import build_features, describe_country, load_facts
from sim.experiment.outcomes import is_committed
from sim.experiment.wording import (
    drivers_in_words,
    number,
    percent,
    points,
    span,
    title_of_path,
)
from sim.interfaces.explorer.country_card import country_names, difference_with, drivers
from sim.interfaces.explorer.standing import provider_name
from sim.interfaces.explorer.text import with_article
from sim.interfaces.explorer.titles import address_title
from sim.scenario import Offer, Provider, field_at, numeric_fields, split_address

if TYPE_CHECKING:
    from sim.interfaces.explorer.runs import Answer
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

MOST_PEERS = 12
MOST_CHANGES = 8
LEAST_CHANGE = 0.05


def reason(term: str) -> str:
    """Return what a term of utility stands for, in the words of the command line.

    Examples
    --------
    >>> reason("peers")
    'what its peers do'
    """
    words = drivers_in_words({term: 1.0})
    return words.removeprefix("For it: ").removesuffix(" +1.") or term


def path_odds(ensemble: Ensemble, code: str) -> NDArray[np.float64]:
    """Return a country's odds of each path at each month's end, (K, T)."""
    i = ensemble.axes.country.index(code)
    return np.asarray(ensemble.country_path[i] / ensemble.replicates)


def path_table(answer: Answer, code: str) -> pd.DataFrame:
    """Return a country's odds at the end: a row a path, with A less B in a comparison."""
    scenario = answer.a.scenario
    axes = answer.ensemble.axes
    at_end = path_odds(answer.ensemble, code)[:, -1]
    columns: dict[str, Any] = {"path": [title_of_path(p, scenario) for p in axes.path]}
    columns["odds"] = at_end
    if answer.comparison is not None:
        found = answer.comparison.countries
        own = found[found["country"] == code].set_index("outcome")
        own = own.loc[[f"p_{path}" for path in axes.path]]
        columns["odds, B"] = own["p_a"].to_numpy()
        columns["A less B, points"] = [points(d) for d in own["difference"]]
        ends = zip(own["difference_low"], own["difference_high"], strict=True)
        columns["90 %"] = [span(low, high, points) for low, high in ends]
    table = pd.DataFrame(columns)
    return table.sort_values("odds", ascending=False, ignore_index=True)


def fact_table(scenario: Scenario, code: str) -> pd.DataFrame:
    """Return everything on record about a country, as ``alignsim countries`` gives it."""
    features = build_features(load_facts(), scenario.homes, scenario.parameters, scenario.months[0])
    rows = describe_country(load_facts(), features, code)
    names = country_names()
    is_peer = rows["group"] == "peer"
    rows.loc[is_peer, "name"] = [names.get(c, c) for c in rows.loc[is_peer, "name"]]
    rows["value"] = [_cell(value) for value in rows["value"]]
    rows["estimated"] = ["estimate" if flag else "" for flag in rows["imputed"]]
    order = ["group", "name", "value", "unit", "year", "estimated", "source", "licence"]
    return rows[order]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        is_whole = value == int(value) and abs(value) < 1e15
        return f"{value:,.0f}" if is_whole and abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def peer_table(answer: Answer, code: str, of: str, way: str) -> pd.DataFrame:
    """Return whom a country watches, or who watches it, with weights and odds.

    Parameters
    ----------
    of : str
        Provider whose odds are shown.
    way : str
        "watches" or "is watched by".
    """
    ensemble = answer.ensemble
    agents = list(ensemble.axes.country)
    weights = ensemble.features.peer_weights(agents)
    i = agents.index(code)
    weight = weights[i] if way == "watches" else weights[:, i]
    p = is_committed(ensemble, ensemble.axes.provider.index(of)).mean(axis=0)
    order = np.argsort(-weight, kind="stable")[:MOST_PEERS]
    names = country_names()
    title = provider_name(ensemble.scenario, of)
    return pd.DataFrame(
        {
            "country": [names[agents[j]] for j in order],
            "weight": weight[order],
            f"odds with {title}": p[order],
        }
    )


def terms_table(answer: Answer, code: str) -> pd.DataFrame:
    """Return the terms of every offer as they stand for a country, with A beside B."""
    scenario = answer.a.scenario
    rows = []
    for title, address in _addresses(scenario):
        spec = field_at(split_address(address))
        assert spec is not None
        row = {"offer": title, "term": spec.description, "A": _value(scenario, address)}
        if answer.b is not None:
            row["B"] = _value(answer.b.scenario, address)
        rows.append(row | {"unit": spec.unit or ("switch" if spec.kind == "switch" else "")})
    table = pd.DataFrame([*_standing(answer, code), *rows]).fillna("")
    order = {offer: n for n, offer in enumerate(dict.fromkeys(table["offer"]))}
    table = table.sort_values("offer", key=lambda names: names.map(order), kind="stable")
    columns = ["offer", "term", "A", *(["B"] if answer.b is not None else []), "unit"]
    return table[columns].reset_index(drop=True)


def _standing(answer: Answer, code: str) -> list[dict[str, str]]:
    """Return whether each offer admits the country, and how often it stands invited."""
    rows = []
    sides = {"A": answer.ensemble} | ({} if answer.other is None else {"B": answer.other})
    found = {name: _standing_in(ensemble, code) for name, ensemble in sides.items()}
    for offer, term in found["A"]:
        row = {"offer": offer, "term": term, "unit": ""}
        rows.append(row | {name: side.get((offer, term), "") for name, side in found.items()})
    return rows


def _standing_in(ensemble: Ensemble, code: str) -> dict[tuple[str, str], str]:
    i = ensemble.axes.country.index(code)
    found = {}
    for o, reference in enumerate(ensemble.scenario.offers):
        provider, key = reference.split(".", 1)
        title = f"{provider_name(ensemble.scenario, provider)}: {key}"
        invited = float((ensemble.month_invited[:, i, o] >= 0).mean())
        signed = float((ensemble.month_signed[:, i, o] >= 0).mean())
        admitted = "yes" if ensemble.eligible[i, o] else "no, by rule"
        found[title, "The rules admit it at the start."] = admitted
        found[title, "Odds of ever being invited."] = percent(invited)
        found[title, "Odds of ever signing."] = percent(signed)
    return found


def _addresses(scenario: Scenario) -> list[tuple[str, str]]:
    found = []
    for name, provider in scenario.providers.items():
        title = provider_name(scenario, name)
        found += [(title, f"providers.{name}.{term}") for term in numeric_fields(Provider)]
        for offer in provider.offers:
            found += [
                (f"{title}: {offer}", f"providers.{name}.offers.{offer}.{term}")
                for term in numeric_fields(Offer)
                if term != "intercept"
            ]
    return found


def _value(scenario: Scenario, address: str) -> str:
    parts = split_address(address)
    provider = str(parts[1])
    if provider not in scenario.providers or (
        len(parts) > 3 and parts[3] not in scenario.providers[provider].offers
    ):
        return "no such offer"
    value = scenario.value(address)
    if value is None:
        return "no limit"
    if isinstance(value, bool):
        return "yes" if value else "no"
    spread = scenario.uncertainties.get(address)
    drawn = spread is not None and spread.low is not None and spread.high is not None
    text = f"{value:,g}"
    return f"{text} (drawn {spread.low:g} to {spread.high:g})" if drawn and spread else text


def changes_table(answer: Answer) -> pd.DataFrame:
    """Return what differs between the two scenarios, with A before B as on the page.

    Returns
    -------
    DataFrame
        One row a number, word or list: what it is, its value in A and in B, and its address in a
        scenario file.
    """
    assert answer.comparison is not None
    assert answer.b is not None
    scenarios = answer.a.scenario, answer.b.scenario
    # The comparison starts from B, which it calls a.
    rows = answer.comparison.frame("changes").to_dict("records")
    return pd.DataFrame(
        [
            {
                "what": address_title(str(row["address"]), *scenarios),
                "A": _change_value(row["value_b"]),
                "B": _change_value(row["value_a"]),
                "address in a scenario file": str(row["address"]),
            }
            for row in rows
        ],
        columns=["what", "A", "B", "address in a scenario file"],
    )


_VALUES = {"true": "yes", "false": "no", "null": "no limit"}


def _change_value(text: Any) -> str | float:
    """Return a value as numbers are read, or as the word for it."""
    if not isinstance(text, str):
        return "nothing"
    try:
        return float(text)
    except ValueError:
        return _VALUES.get(text, text)


def changes_in_words(answer: Answer) -> list[str]:
    """Return what differs between the two scenarios, each thing by what it is called."""
    table = changes_table(answer)
    addresses = set(table["address in a scenario file"])
    lines = []
    for what, a, b, address in table.itertuples(index=False, name=None):
        # That a number is no longer drawn only follows from its being set.
        if address.removeprefix("uncertainties.") in addresses - {address}:
            continue
        a, b = (f"{v:,g}" if isinstance(v, float) else v for v in (a, b))
        lines.append(f"{what}: {a} in A, {b} in B")
    if len(lines) > MOST_CHANGES:
        rest = len(lines) - MOST_CHANGES
        lines = [*lines[:MOST_CHANGES], f"and {rest} more, in the CSV of the changes"]
    return lines


def what_changed(answer: Answer, code: str) -> list[str]:
    """Return what A changes for a country, and why, in sentences; nothing without a comparison.

    First what differs between the scenarios, then for each provider how the odds move, and which
    reasons moved with them.
    """
    if answer.comparison is None or answer.b is None:
        return []
    lines = changes_in_words(answer)
    if not lines:
        return []
    for provider in answer.ensemble.axes.provider:
        if provider not in answer.b.ensemble.axes.provider:
            continue
        change, low, high = difference_with(answer, code, provider)
        name = with_article(provider_name(answer.a.scenario, provider))
        clear = "clear of zero" if low > 0 or high < 0 else "not clear of zero"
        if change == 0 and low == high:
            clear = "the same in every future"
        text = f"Odds with {name}: {points(change)} points ({span(low, high, points)}), {clear}."
        moved = moved_reasons(answer, code, provider)
        words = f" Reasons that moved with it: {moved}." if moved else ""
        lines.append(f"{text}{words}")
    return lines


def moved_reasons(answer: Answer, code: str, provider: str) -> str:
    """Return the reasons that changed most from B to A, in utility; "" where none did notably.

    Means of the futures, so they say what moved with the odds and not how much of it they caused.
    """
    assert answer.b is not None
    if any(provider not in side.ensemble.axes.provider for side in (answer.a, answer.b)):
        return ""
    a, b = (drivers(result, code, provider) for result in (answer.a, answer.b))
    change = {term: value - b.get(term, 0.0) for term, value in a.items()}
    ordered = sorted(change.items(), key=lambda item: -abs(item[1]))
    words = [
        f"{reason(term)} {'+' if value > 0 else '-'}{number(abs(value))}"
        for term, value in ordered[:3]
        if abs(value) >= LEAST_CHANGE
    ]
    return ", ".join(words)
