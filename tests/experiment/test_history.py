"""A scenario that starts in the past knows the facts of that time, and its results say so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiment import Result
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.stored import StoredRun
from sim.scenario import Scenario

START = "2014-06"


@pytest.fixture(scope="module")
def early(small: Result) -> Scenario:
    horizon = {"horizon.start": START, "horizon.end": "2015-05"}
    return small.scenario.with_changes({**horizon, "events": [], "name": "early"})


@pytest.fixture(scope="module")
def run(early: Scenario) -> Result:
    return sim.simulate(early, 12, seed=1)


def test_the_table_of_countries_names_the_month_of_the_facts(run: Result, small: Result) -> None:
    table = run.countries
    assert (table["facts_as_of"].astype(str) == START).all()
    assert (table["share_anachronistic"] == 0).all()
    assert table["share_imputed"].min() > 0.3
    added = set(table) - set(small.countries)
    assert added == {"facts_as_of", "share_anachronistic"}


def test_the_summary_and_the_manifest_name_it_too(run: Result, tmp_path: Path) -> None:
    folder = run.save(tmp_path)
    manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    assert manifest["scenarios"][0]["facts_as_of"] == START
    stored = sim.load_run(folder)
    assert isinstance(stored, StoredRun)
    text = " ".join(str(stored.summary()).split())
    assert "The facts are those that were public in June 2014." in text


def test_a_run_of_the_present_says_so_in_the_manifest_alone(small: Result, tmp_path: Path) -> None:
    manifest = json.loads((small.save(tmp_path) / MANIFEST_FILE).read_text("utf-8"))
    assert manifest["scenarios"][0]["facts_as_of"] == "present"
    assert "were public in" not in str(small.summary())


def test_the_world_of_2014_is_not_that_of_today(run: Result, small: Result) -> None:
    then, now = run.ensemble, small.ensemble
    assert then.axes.country == now.axes.country
    assert then.facts.hash == now.facts.hash
    gdp = [found.features.country["gdp_usd"].to_dict()["UKR"] for found in (then, now)]
    assert gdp[0] == 182.59e9
    assert gdp[1] != gdp[0]
    # Sweden joined the alliance in 2024.
    ally = [found.features.ally["us"].to_dict()["SWE"] for found in (then, now)]
    assert ally[0] < 0.5 < ally[1]


def test_facts_before_the_first_on_record_are_counted(early: Scenario) -> None:
    first = {"horizon.start": "2010-01", "horizon.end": "2010-12", "countries.exclude": ["SSD"]}
    run = sim.simulate(early.with_changes(first), 4, seed=0)
    assert run.countries["share_anachronistic"].min() > 0.2
    assert "SSD" not in set(run.countries["country"])
    assert np.isfinite(run.countries["p_uncommitted"]).all()
    assert "were published later" in " ".join(str(run.summary()).split())
