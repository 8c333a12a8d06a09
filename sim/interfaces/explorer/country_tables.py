"""The tables of the page Country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiment.outcomes import is_committed
from sim.experiment.wording import number, points, span, term_phrase
from sim.interfaces.explorer.both_sides import only_in, path_names, provider_names, sides_of
from sim.interfaces.explorer.columns import percents
from sim.interfaces.explorer.country_card import country_names, difference_with, drivers
from sim.interfaces.explorer.tables import odds_header
from sim.interfaces.explorer.text import with_article
from sim.interfaces.explorer.titles import address_title, offer_title
from sim.scenario import split_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.interfaces.explorer.runs import Answer
    from sim.model.ensemble import Ensemble

MOST_PEERS = 12
WATCHES, WATCHED = "watches", "is watched by"
MOST_CHANGES = 8
LEAST_CHANGE = 0.05


def path_odds(ensemble: Ensemble, code: str, paths: Sequence[str]) -> NDArray[np.float64]:
    """Return a country's odds of each path at each month's end, (K, T); 0 of one not known."""
    i = ensemble.axes.country.index(code)
    odds = np.zeros((len(paths), len(ensemble.axes.month)))
    for k, path in enumerate(paths):
        if path in ensemble.axes.path:
            odds[k] = ensemble.country_path[i, ensemble.axes.path.index(path)]
    return odds / ensemble.replicates


def path_table(answer: Answer, code: str) -> pd.DataFrame:
    """Return a country's odds at the end, a row a path, shares 0-1; A less B in a comparison.

    A path that only one side knows counts as zero in the other, so that both columns add up to 1.
    `shown_paths` is the same for reading.
    """
    names = path_names(answer)
    columns: dict[str, Any] = {"path": list(names.values())}
    columns["odds (0-1)"] = path_odds(answer.ensemble, code, list(names))[:, -1]
    if answer.comparison is not None:
        found = answer.comparison.countries
        own = found[found["country"] == code].set_index("outcome")
        own = own.loc[[f"p_{path}" for path in names]]
        columns |= {
            "odds in B (0-1)": own["p_a"].to_numpy(),
            "A less B (0-1)": own["difference"].to_numpy(),
            "A less B, 90 % low (0-1)": own["difference_low"].to_numpy(),
            "A less B, 90 % high (0-1)": own["difference_high"].to_numpy(),
        }
    table = pd.DataFrame(columns)
    by = [name for name in ("odds (0-1)", "odds in B (0-1)") if name in table]
    return table.sort_values(by, ascending=False, ignore_index=True)


def shown_paths(table: pd.DataFrame) -> pd.DataFrame:
    """Return `path_table` as the page shows it."""
    columns: dict[str, Any] = {"path": table["path"], "odds": percents(table["odds (0-1)"])}
    if "odds in B (0-1)" in table:
        columns["odds, B"] = percents(table["odds in B (0-1)"])
        columns["A less B, points"] = 100 * table["A less B (0-1)"]
        ends = (table[f"A less B, 90 % {end} (0-1)"] for end in ("low", "high"))
        words = [span(low, high, points) for low, high in zip(*ends, strict=True)]
        columns["A less B, 90 %"] = words
    return pd.DataFrame(columns)


def peer_table(answer: Answer, code: str, of: str, way: str) -> pd.DataFrame:
    """Return whom a country watches, or who watches it, with weights and odds 0-1.

    Parameters
    ----------
    of : str
        Provider whose odds are shown.
    way : str
        WATCHES: the weights are shares of the country's own peers. WATCHED: each is the share that
        the country has among the other's peers, so their sum has no meaning.
    """
    ensemble = answer.ensemble
    agents = list(ensemble.axes.country)
    weights = ensemble.features.peer_weights(agents)
    i = agents.index(code)
    weight = weights[i] if way == WATCHES else weights[:, i]
    providers = ensemble.axes.provider
    # None is with one that only B has.
    p = np.zeros(len(agents))
    if of in providers:
        p = is_committed(ensemble, providers.index(of)).mean(axis=0)
    order = np.argsort(-weight, kind="stable")[:MOST_PEERS]
    names = country_names()
    of_whom = "weight among its peers" if way == WATCHES else "its weight among their peers"
    return pd.DataFrame(
        {
            "code": [agents[j] for j in order],
            "country": [names[agents[j]] for j in order],
            f"{of_whom} (0-1)": weight[order],
            f"{odds_header(provider_names(answer)[of])} (0-1)": p[order],
        }
    )


def shown_peers(table: pd.DataFrame) -> pd.DataFrame:
    """Return `peer_table` as the page shows it."""
    shares = [name for name in table.columns if name.endswith(" (0-1)")]
    shown = table.drop(columns="code")
    shown[shares] = percents(shown[shares])
    return shown.rename(columns={name: name.removesuffix(" (0-1)") for name in shares})


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


_VALUES = {"true": "yes", "false": "no", "none": "no limit"}


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
    # A dictionary, so that what is said of a whole provider is said once.
    found: dict[str, None] = {}
    for what, a, b, address in table.itertuples(index=False, name=None):
        # That a number is no longer drawn only follows from its being set.
        if address.removeprefix("uncertainties.") in addresses - {address}:
            continue
        a, b = (f"{v:,g}" if isinstance(v, float) else v for v in (a, b))
        found[_whole_in_one(answer, address) or f"{what}: {a} in A, {b} in B"] = None
    lines = list(found)
    if len(lines) > MOST_CHANGES:
        rest = len(lines) - MOST_CHANGES
        lines = [*lines[:MOST_CHANGES], f"and {rest} more, in the CSV of the changes"]
    return lines


def _whole_in_one(answer: Answer, address: str) -> str:
    """Return what is said of an address in a provider or offer that only one side has, or ""."""
    sides = {name: side.scenario for name, side in sides_of(answer).items()}
    parts = [str(part) for part in split_address(address.removeprefix("uncertainties."))]
    provider = {"providers": parts[1:2], "corporate_ties": parts[2:3]}.get(parts[0], [])
    having = [side for side, scenario in sides.items() if {*provider} & {*scenario.providers}]
    if len(having) == 1:
        return f"Provider {provider_names(answer)[provider[0]]}: only in {having[0]}"
    if parts[0] != "providers" or len(parts) < 5:
        return ""
    offer = f"{parts[1]}.{parts[3]}"
    having = [side for side, scenario in sides.items() if offer in scenario.offers]
    if len(having) == 1:
        return f"Offer {offer_title(sides[having[0]], offer)}: only in {having[0]}"
    return ""


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
    for provider, title in provider_names(answer).items():
        change, low, high = difference_with(answer, code, provider)
        name = with_article(title)
        clear = "clear of zero" if low > 0 or high < 0 else "not clear of zero"
        so = "with it"
        if change == 0 and low == high:
            clear, so = "the same in every future", "all the same"
        text = f"Odds with {name}: {points(change)} points ({span(low, high, points)}), {clear}."
        moved = moved_reasons(answer, code, provider)
        words = f" Reasons that moved {so}: {moved}." if moved else ""
        lines.append(f"{text}{words}")
    return lines


def moved_reasons(answer: Answer, code: str, provider: str) -> str:
    """Return the reasons that changed most from B to A, in utility; "" where none did notably.

    Means of the futures, so they say what moved with the odds and not how much of it they caused.
    """
    assert answer.b is not None
    if only_in(answer, provider):
        return ""
    a, b = (drivers(result, code, provider) for result in (answer.a, answer.b))
    change = {term: value - b.get(term, 0.0) for term, value in a.items()}
    ordered = sorted(change.items(), key=lambda item: -abs(item[1]))
    words = [
        f"{term_phrase(term)} {'+' if value > 0 else '-'}{number(abs(value))}"
        for term, value in ordered[:3]
        if abs(value) >= LEAST_CHANGE
    ]
    return ", ".join(words)
