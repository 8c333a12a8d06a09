"""The odds of countries that the pages show: as the table of countries has them, without the rest.

That table has some ninety columns, most of them for files alone, and takes ten times as long.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from sim.experiment.rounding import round_numbers
from sim.experiment.tables.countries import commitment_odds

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.model.ensemble import Ensemble

# One for each run that somebody looks at; visitors who ask at once wait for the first.
_MADE: WeakKeyDictionary[Result, pd.DataFrame] = WeakKeyDictionary()
_LOCK = threading.Lock()


def country_odds(result: Result) -> pd.DataFrame:
    """Return where countries end, to be treated as read-only.

    Returns
    -------
    DataFrame
        One row a country that decides, with columns of the table ``countries`` of a run, the same
        to the last digit: country, name, region, p_uncommitted, share_imputed, and for each
        provider p_committed_<provider> with _low, _high and _se_chance.
    """
    made = _MADE.get(result)
    if made is None:
        # Outside the lock: futures that had to go are computed again, and nobody else waits.
        ensemble = result.ensemble
        with _LOCK:
            made = _MADE.get(result)
            if made is None:
                made = _MADE[result] = _made(ensemble)
    return made


def _made(ensemble: Ensemble) -> pd.DataFrame:
    agents = list(ensemble.axes.country)
    panel = ensemble.facts.countries.loc[agents]
    waits = ensemble.country_path[:, ensemble.axes.path.index("uncommitted"), -1]
    numbers: dict[str, Any] = {"p_uncommitted": waits / ensemble.replicates}
    for p, provider in enumerate(ensemble.axes.provider):
        name, found = f"p_committed_{provider}", commitment_odds(ensemble, p)
        numbers |= {
            name: found.mean,
            f"{name}_low": found.low,
            f"{name}_high": found.high,
            f"{name}_se_chance": found.standard_error,
        }
    numbers["share_imputed"] = ensemble.facts.imputed_share()[agents].to_numpy()
    words = {
        "country": agents,
        "name": panel["name"].to_numpy(),
        "region": panel["un_region"].to_numpy(),
    }
    return pd.DataFrame(words | {name: round_numbers(each) for name, each in numbers.items()})
