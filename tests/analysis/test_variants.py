"""The same records under other assumptions: what is changed, and what is compared."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.histories import made_world, record_of, weighted
from sim.analysis.calibration.fitting import fit
from sim.analysis.calibration.numbers import ESTIMATED, KINDS, EstimatedNumber
from sim.analysis.calibration.record import TASTES
from sim.analysis.calibration.variants import (
    FILE,
    NOISE,
    PEERS,
    Variant,
    all_variants,
    log_densities,
    read_democracy,
    scaled,
    variant_table,
    with_democracy,
    with_placebo_peers,
)
from sim.analysis.history.answers import NEVER, read_answers
from sim.analysis.history.programmes import built_programme
from sim.data import load_facts
from sim.errors import InputError

ROOT = Path(__file__).parents[2]
QUICK = ("cyber-norms-us", "cybercrime-2019", "safety-institutes")


def test_only_what_is_named_is_scaled() -> None:
    built = made_world(4, 2)
    other = scaled(built, NOISE, 2.0)
    changed = [
        name
        for name in built.weight.dtype.names or ()
        if other.weight[name][0] != built.weight[name][0]
    ]
    assert changed == list(NOISE)
    assert other.weight["choice_noise"][0] == 2 * built.weight["choice_noise"][0]
    assert other.world is built.world


def test_a_placebo_network_is_the_same_network_of_other_countries() -> None:
    built = built_programme("cyber-norms-us")
    real, placebo = built.world.influence, with_placebo_peers(built, 1).world.influence
    assert not np.array_equal(real, placebo)
    np.testing.assert_array_equal(np.sort(real, axis=None), np.sort(placebo, axis=None))
    np.testing.assert_array_equal(np.sort(real.sum(axis=0)), np.sort(placebo.sum(axis=0)))
    assert not placebo.diagonal().any()
    np.testing.assert_array_equal(placebo, with_placebo_peers(built, 1).world.influence)
    assert not np.array_equal(placebo, with_placebo_peers(built, 2).world.influence)


def test_every_assumption_is_tried_once_and_peers_only_where_they_are_estimated() -> None:
    variants = list(all_variants())
    names = [variant.name for variant in variants]
    assert len(set(names)) == len(names) == 13
    for variant in variants:
        has_peers = "peers" in variant.name
        assert variant.numbers == ((*ESTIMATED, PEERS) if has_peers else ESTIMATED)
    built = made_world(4, 2)
    by_name = {variant.name: variant.applied(built).weight for variant in variants[:5]}
    for name in TASTES:
        assert by_name["half the tastes"][name][0] == 0.5 * built.weight[name][0]
        assert by_name["half the noise of choices"][name][0] == built.weight[name][0]


def test_likeness_follows_another_index_of_democracy_where_it_has_a_value() -> None:
    built = built_programme("cyber-norms-us")
    code = list(built.axes.country)
    index = pd.Series({"USA": 0.8, "FRA": 0.9, "CUB": 0.1})
    likeness = with_democracy(built, index).world.relation["likeness"][:, 0]
    assert likeness[code.index("FRA")] == pytest.approx(0.9)
    assert likeness[code.index("CUB")] == pytest.approx(0.3)
    others = [i for i, c in enumerate(code) if c not in index.index]
    before = built.world.relation["likeness"][:, 0]
    np.testing.assert_array_equal(likeness[others], before[others])
    assert before[code.index("FRA")] != likeness[code.index("FRA")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("iso3,score\nFRA,0.9\n", ":1: has no column democracy."),
        ("iso3,democracy\nFRA,0.9\nCUB,12\n", ":3: democracy = 12.0 must be a number from 0 to 1."),
    ],
)
def test_an_index_of_democracy_that_cannot_be_one_is_refused(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "index.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=re.escape(f"{path}{said}")):
        read_democracy(path)


def test_each_variant_has_its_estimates_and_densities() -> None:
    events = load_facts().events
    known = []
    for name in QUICK:
        built = built_programme(name)
        known.append((built, read_answers(built.scenario, events)))
    variants = [
        Variant("as assumed"),
        Variant("peers estimated", (), (*ESTIMATED, PEERS)),
    ]
    table = variant_table(known, variants)
    assert table["variant"].value_counts().to_dict() == {"as assumed": 40, "peers estimated": 45}
    assert (table["low"] < table["mean"]).all()
    assert (table["mean"] < table["high"]).all()
    assert (table["log_posterior"] < table["log_likelihood"]).all()
    assert table.groupby("variant")["log_evidence"].nunique().tolist() == [1, 1]


def test_where_nothing_is_known_the_evidence_is_one() -> None:
    # It is the likelihood averaged over the prior, and a record of nothing has a likelihood of 1.
    record = weighted(record_of(made_world(3, 2), np.full(3, NEVER)), np.zeros(3))
    found = log_densities(fit([record], numbers=(EstimatedNumber("w_affinity", 1.0, 2.0),)))
    assert found["log_likelihood"] == pytest.approx(0.0, abs=1e-9)
    assert found["log_evidence"] == pytest.approx(0.0, abs=1e-9)


def test_the_table_that_ships_has_every_variant_and_number() -> None:
    table = pd.read_csv(ROOT / FILE)
    # The other index of democracy is Freedom House's, which may not be shipped.
    variants = list(all_variants(pd.Series({"USA": 1.0})))
    assert variants[-1].name == "another index of democracy"
    expected = [(variant.name, number.name) for variant in variants for number in variant.numbers]
    shared = table[table["kind"] == "all"]
    assert list(zip(shared["variant"], shared["number"], strict=True)) == expected
    assert set(table["kind"]) == {"all", *KINDS}
