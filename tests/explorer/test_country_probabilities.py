"""The probabilities that the pages show are those of the table of countries."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.analysis import countries as module
from sim.analysis.countries import country_probabilities
from sim.experiment.result import Result, run_futures
from sim.model.ensemble import Ensemble
from sim.scenario import load_scenario


@pytest.mark.parametrize("name", ["baseline", "third-way"])
def test_the_probabilities_are_those_of_the_table(name: str) -> None:
    result = Result(run_futures(load_scenario(name), 24, 3))
    found = country_probabilities(result)
    own = result.frame("countries")
    assert {*found.columns} >= {
        "p_uncommitted",
        *(f"p_committed_{provider}_low" for provider in result.ensemble.axes.provider),
    }
    pd.testing.assert_frame_equal(
        found, own[list(found.columns)], check_exact=True, check_dtype=False
    )


def test_they_are_made_once_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Ensemble] = []
    plain = module._made

    def counted(ensemble: Ensemble) -> pd.DataFrame:
        made.append(ensemble)
        return plain(ensemble)

    monkeypatch.setattr(module, "_made", counted)
    results = [Result(run_futures(load_scenario("baseline"), 8, seed)) for seed in (1, 2)]
    for result in (*results, *results):
        country_probabilities(result)
    assert len(made) == 2
