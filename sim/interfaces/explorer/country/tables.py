"""The tables of the Country page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.countries import path_probabilities
from sim.analysis.pairing import path_titles, provider_names
from sim.experiment.outcomes import is_committed
from sim.interfaces.explorer.tables.building import probability_header
from sim.interfaces.explorer.tables.columns import percents
from sim.words.text import short_name
from sim.words.titles import country_names
from sim.words.wording import percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer

MOST_PEERS = 12
WATCHES, WATCHED = "watches", "is watched by"


def path_table(answer: ShownAnswer, code: str) -> pd.DataFrame:
    """Return a country's probabilities at the end, one row per path, 0-1; A minus B if compared.

    A path that only one side has counts as zero in the other, so that both columns add up to 1.
    `shown_paths` gives the same for reading.
    """
    names = path_titles(answer)
    columns: dict[str, Any] = {"path": list(names.values())}
    columns["probability (0-1)"] = path_probabilities(answer.ensemble, code, list(names))[:, -1]
    if answer.comparison is not None:
        found = answer.comparison.countries
        own = found[found["country"] == code].set_index("outcome")
        own = own.loc[[f"p_{path}" for path in names]]
        columns |= {
            "probability in B (0-1)": own["p_a"].to_numpy(),
            "A minus B (0-1)": own["difference"].to_numpy(),
            "A minus B, 90 % low (0-1)": own["difference_low"].to_numpy(),
            "A minus B, 90 % high (0-1)": own["difference_high"].to_numpy(),
        }
    table = pd.DataFrame(columns)
    by = [name for name in ("probability (0-1)", "probability in B (0-1)") if name in table]
    return table.sort_values(by, ascending=False, ignore_index=True)


def shown_paths(table: pd.DataFrame) -> pd.DataFrame:
    """Return `path_table` in the form the page shows, without the paths that no future ends on."""
    shares = {"probability (0-1)": "probability", "probability in B (0-1)": "probability, B"}
    shares = {name: shown for name, shown in shares.items() if name in table}
    kept = table[(table[[*shares]] > 0.0).any(axis=1)]
    columns: dict[str, Any] = {"path": kept["path"]}
    columns |= {shown: kept[name].map(percent) for name, shown in shares.items()}
    if len(shares) > 1:
        columns["A minus B, points"] = kept["A minus B (0-1)"].map(points)
        ends = (kept[f"A minus B, 90 % {end} (0-1)"] for end in ("low", "high"))
        words = [span(low, high, points) for low, high in zip(*ends, strict=True)]
        columns["A minus B, 90 %"] = words
    return pd.DataFrame(columns)


def peer_table(answer: ShownAnswer, code: str, of: str, way: str) -> pd.DataFrame:
    """Return the peers of a country, or the countries it is a peer of, with weights 0-1.

    Parameters
    ----------
    of : str
        Provider whose probabilities are shown.
    way : str
        WATCHES: the weights are shares of the country's own peers. WATCHED: each is the country's
        share among the other's peers, so their sum has no meaning.
    """
    ensemble = answer.ensemble
    agents = list(ensemble.axes.country)
    weights = ensemble.features.peer_weights(agents)
    i = agents.index(code)
    weight = weights[i] if way == WATCHES else weights[:, i]
    providers = ensemble.axes.provider
    # Zero for a provider that only B has.
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
            f"{probability_header(provider_names(answer)[of])} (0-1)": p[order],
        }
    )


def shown_peers(table: pd.DataFrame, provider: str) -> pd.DataFrame:
    """Return `peer_table` in the form the page shows: short headers, so that a phone has room.

    Parameters
    ----------
    table : DataFrame
    provider : str
        Name of the provider whose probabilities it holds.
    """
    country, weight, probability = (table[name] for name in table.columns if name != "code")
    return pd.DataFrame(
        {
            "country": country,
            "weight": percents(weight),
            f"with {short_name(provider)}": percents(probability),
        }
    )
