"""Facts at the launch of each programme beside what countries did: the data of every rival."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.history.answers import Answers, programme_of
from sim.data.facts import TABLES_FOLDER
from sim.data.features import ties

if TYPE_CHECKING:
    from sim.model.world.building import Built

LAUNCHES = TABLES_FOLDER / "launches.csv"


def launch_table(built: Built, answers: Answers) -> pd.DataFrame:
    """Return one row for each country that was asked and whose answer is known.

    Parameters
    ----------
    built : Built
        The programme as a scenario.
    answers : Answers
        What each country did.

    Returns
    -------
    DataFrame
        programme, iso3, kind, bloc, month (of the launch), joined (0 or 1), then facts as of the
        launch: log_gdp (USD), gdp_rank, log_population, readiness, democracy, capability, concern,
        affinity, ally, record, exposure, dispute, likeness, distrust towards the home; those that
        start with ``rival_`` towards its rival; and neighbours, the mean record of the country's
        peers by their weights.
    """
    scenario, features, facts = built.scenario, built.features, built.facts
    reference, offer, programme = programme_of(scenario)
    provider = reference.split(".")[0]
    home = scenario.homes[provider]
    parameters, as_of = scenario.parameters, built.axes.month[0]
    rival = (ties.rival_of(facts, home, parameters),)
    own = features.country
    columns = {
        "log_gdp": np.log(own["gdp_usd"]),
        "gdp_rank": own["gdp_rank"],
        "log_population": np.log(own["population"]),
        "readiness": own["readiness"],
        "democracy": own["democracy"],
        "capability": own["capability"],
        "concern": own["base_concern"],
        **{
            name: getattr(features, name)[provider]
            for name in (
                "affinity", "ally", "record", "exposure", "dispute", "likeness", "distrust",
                "rival_affinity",
            )
        },
        "rival_ally": ties.security_tie(facts, rival, parameters, as_of),
        "rival_record": ties.earlier_answers(facts, rival, parameters, as_of),
        "rival_exposure": ties.exposure(facts, rival, parameters),
        "neighbours": features.peers @ features.record[provider],
    }  # fmt: skip
    bloc = next((name for name, state in ties.BLOC_HOME.items() if state in home), "other")
    table = pd.DataFrame(columns).loc[list(answers.country)]
    table.insert(0, "programme", programme)
    table.insert(1, "iso3", list(answers.country))
    table.insert(2, "kind", offer.kind)
    table.insert(3, "bloc", bloc)
    table.insert(4, "month", as_of)
    table.insert(5, "joined", answers.has_joined.astype(int))
    return table[answers.is_scored].reset_index(drop=True)


def load_launches(known_before: str | None = None, leave_out: Collection[str] = ()) -> pd.DataFrame:
    """Return the table of all programmes that ship, as far as they were known before a month.

    Facts are read from ``launches.csv``, which is made from the programmes; answers are read anew,
    so that nothing after the month is in them.

    Parameters
    ----------
    known_before : str, optional
        Month "YYYY-MM"; everything unless given.
    leave_out : collection of str
        Programmes of the events table.
    """
    from sim.analysis.history.programmes import known_answers

    facts = pd.read_csv(LAUNCHES, dtype={"iso3": str}, keep_default_na=False)
    facts = facts.set_index(["programme", "iso3"])
    parts = []
    for answers in known_answers(known_before, leave_out):
        keys = [(answers.programme, code) for code in answers.country]
        rows = facts.loc[keys].reset_index()
        rows["joined"] = answers.has_joined.astype(int)
        parts.append(rows[answers.is_scored])
    return pd.concat(parts, ignore_index=True)


def write_launches() -> None:
    """Write ``launches.csv``: facts at launch for every country of every programme."""
    from sim.analysis.history.programmes import known_programmes

    tables = []
    for built, answers in known_programmes():
        whole = replace(answers, weight=np.ones(len(answers.country)))
        tables.append(launch_table(built, whole).drop(columns="joined"))
    pd.concat(tables, ignore_index=True).round(4).to_csv(LAUNCHES, index=False, lineterminator="\n")
