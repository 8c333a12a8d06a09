"""The tables of the map: what it shows in a month, and what it says of each country at the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.countries import country_probabilities
from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.standing import country_partners, group_counts, paired_groups
from sim.analysis.summary.kinds import country_data_centres
from sim.experiment.probability_interval import interval_ends
from sim.interfaces.explorer.tables.building import (
    data_centre_header,
    minus_reference,
    probability_header,
)
from sim.words.titles import provider_name
from sim.words.wording import percent, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.analysis.standing import Group
    from sim.experiment.result import Result
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble


def map_table(answer: ShownAnswer, t: int) -> pd.DataFrame:
    """Return what the map shows in one month: one row per country and side, shares 0-1.

    One column per group of paths, and two per provider: for being with it, alone or with another,
    and for having its data centre. If the map can show differences, their rows follow those of the
    two sides.
    """
    pairs = zip(
        ensembles_of(answer).items(), paired_groups(answer.ensemble, answer.other), strict=True
    )
    names, called = provider_names(answer), {"A": "A", "B": "B"}
    if answer.is_from_start:
        called = {"A": "now", "B": "the start"}
    sides = [
        _map_side(called[side], ensemble, groups, names, t) for (side, ensemble), groups in pairs
    ]
    if answer.other is not None and answer.ensemble.axes.country == answer.other.axes.country:
        probability = [name for name in sides[0].columns if name.endswith("(0-1)")]
        minus = sides[0].assign(side=minus_reference(answer))
        minus[probability] = sides[0][probability] - sides[1][probability]
        sides.append(minus)
    return pd.concat(sides, ignore_index=True)


def _map_side(
    side: str, ensemble: Ensemble, groups: Sequence[Group], providers: Mapping[str, str], t: int
) -> pd.DataFrame:
    axes, n = ensemble.axes, ensemble.replicates
    probability = group_counts(ensemble, groups)[:, :, t] / n
    names = ensemble.facts.countries["name"]
    columns: dict[str, Any] = {
        "side": side,
        "month": axes.month[t],
        "code": list(axes.country),
        "country": [str(names[code]) for code in axes.country],
    }
    columns |= {f"{group.title} (0-1)": probability[:, g] for g, group in enumerate(groups)}
    for provider, title in providers.items():
        partners, large = (
            counts(ensemble, provider)[:, t] / n
            for counts in (country_partners, country_data_centres)
        )
        columns |= {f"{probability_header(title)} (0-1)": partners}
        columns |= {f"{data_centre_header(title)} (0-1)": large}
    return pd.DataFrame(columns)


def probability_phrases(result: Result, provider: str) -> dict[str, str]:
    """Return the probability of being with a provider at the end, with its range, by country.

    Empty if the run has no such provider.
    """
    if provider not in result.ensemble.axes.provider:
        return {}
    frame = country_probabilities(result)
    key = f"p_committed_{provider}"
    title = provider_name(result.scenario, provider)
    lows, highs = interval_ends(frame, key)
    return {
        code: f"At the end with {title}: {percent(p)}"
        + ("" if math.isnan(low) else f" (90 %: {span(low, high, percent)})")
        for code, p, low, high in zip(frame["country"], frame[key], lows, highs, strict=True)
    }
