"""Robust settings: measures by hand, designs that do not fit, and a sweep from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import sim
from experiment.short_sweeps import short_scenario
from sim.analysis.robustness.measures import (
    as_share,
    on_front,
    percentile_from_worst,
    regret_error,
    regret_from_best,
    regret_from_expected,
    satisficing,
)
from sim.errors import InputError

# Three settings in four worlds. The first is best where it is good, the second never far behind.
OUTCOME = np.array([[10.0, 10.0, 0.0, 4.0], [8.0, 7.0, 6.0, 4.0], [1.0, 2.0, 7.0, 4.0]])
SLOTS = "providers.us.offers.infrastructure.slots"
WAITING, CONTROL = "parameters.w_waiting", "local_control"


def test_measures_by_hand() -> None:
    regret = regret_from_best(OUTCOME, 1)
    assert regret.tolist() == [[0, 0, 7, 0], [2, 3, 1, 0], [9, 8, 0, 0]]
    assert regret.max(axis=1).tolist() == [7, 3, 9]
    # Less is better: the best of each world is the least.
    assert regret_from_best(OUTCOME, -1).max(axis=1).tolist() == [9, 7, 7]
    own = regret_from_expected(OUTCOME, 1, 1)
    assert own.tolist() == [[0, 0, 10, 6], [0, 0, 1, 3], [1, 0, 0, 0]]
    assert regret_from_expected(OUTCOME, 1, -1)[2].tolist() == [0, 0, 5, 2]
    assert satisficing(OUTCOME, 4.0, 1).tolist() == [0.75, 1.0, 0.5]
    assert satisficing(OUTCOME, 4.0, -1).tolist() == [0.5, 0.25, 0.75]
    assert percentile_from_worst(OUTCOME, 25, 1).tolist() == [0, 4, 1]
    assert percentile_from_worst(OUTCOME, 25, -1).tolist() == [10, 8, 7]


def test_the_error_of_a_regret_is_that_of_two_settings() -> None:
    error = np.full(OUTCOME.shape, 3.0)
    error[2] = 4.0
    found = regret_error(OUTCOME, error, 1)
    # The best of a world is compared with itself; in the last world the first of equals is best.
    assert (found == 0).sum() == 4
    assert found[0, 2] == found[2, 0] == 7.0
    assert found[1, 0] == 6.0


def test_shares_are_safe_where_a_baseline_is_zero() -> None:
    shares = as_share(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([0.0, -4.0]))
    np.testing.assert_array_equal(shares, [[np.nan, 0.5], [np.nan, 0.75]])


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 5), st.integers(1, 5)),
        elements=st.floats(-1e6, 1e6, allow_subnormal=False),
    ),
    st.sampled_from([1, -1]),
)
def test_in_every_world_some_setting_has_no_regret(outcome: Any, sign: int) -> None:
    regret = regret_from_best(outcome, sign)
    assert (regret >= 0).all()
    assert (regret.min(axis=0) == 0).all()
    assert (regret_from_expected(outcome, 0, sign)[:, 0] == 0).all()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8))
def test_what_is_off_the_front_is_beaten_by_some_setting_on_it(
    pairs: list[tuple[int, int]],
) -> None:
    gain, loss = np.array(pairs, np.float64).T
    front = on_front(gain, loss)
    assert front.any()
    for n in np.flatnonzero(~front):
        at_least = (gain >= gain[n]) & (loss <= loss[n]) & front
        assert at_least.any()


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    axes: dict[str, list[float]] = {
        CONTROL: [0.1, 0.5, 0.9],
        SLOTS: [2, 4],
        WAITING: [0.5, 1.5, 3.0],
    }
    root = tmp_path_factory.mktemp("crossed")
    return sim.sweep(short_scenario(), sim.Design.grid(axes), 24, out=root)


def test_the_least_regretted_setting_is_that_of_the_tables(crossed: sim.StoredSweep) -> None:
    rows = crossed.outcomes.query("outcome == 'n_countries' and provider == 'us' and point > 0")
    table = rows.pivot_table(index=[CONTROL, SLOTS], columns=WAITING, values="mean")
    regret = (table.max(axis=0) - table).max(axis=1)
    found = sim.robust(crossed, "n_countries(us)")
    own = found.frame("settings").set_index([CONTROL, SLOTS])
    np.testing.assert_allclose(
        own["regret_max"].sort_index(), regret.sort_index(), rtol=1e-5, atol=1e-6
    )
    (pick,) = own.index[own["is_least_regretted"]]
    assert regret[pick] == pytest.approx(regret.min())
    np.testing.assert_allclose(
        own["mean"].sort_index(), table.mean(axis=1).sort_index(), rtol=1e-5, atol=1e-6
    )
    # What is good enough, unless given, is what the scenario as it stands reaches.
    start = crossed.outcomes.query("outcome == 'n_countries' and provider == 'us' and point == 0")
    enough = (table >= float(start["mean"].iloc[0])).mean(axis=1)
    np.testing.assert_allclose(
        own["good_enough_share"].sort_index(), enough.sort_index(), rtol=1e-5, atol=1e-6
    )
    long = found.frame("regrets")
    assert len(long) == 6 * 3
    points = crossed.points.set_index("point")
    assert (points.loc[long["point"], WAITING].to_numpy() == long[WAITING].to_numpy()).all()


def test_settings_within_chance_are_said(crossed: sim.StoredSweep) -> None:
    found = sim.robust(crossed, "n_countries(us)")
    settings, long = found.frame("settings"), found.frame("regrets")
    # The error of the greatest regret is that of the world in which it is greatest.
    for row in settings.itertuples():
        own = long[long["setting"] == row.setting]
        greatest = own.iloc[int(own["regret"].to_numpy().argmax())]
        assert greatest["regret"] == row.regret_max
        assert greatest["regret_se"] == row.regret_max_se
    # At least that of the setting's own difference from the scenario as it stands.
    rows = crossed.outcomes.query("outcome == 'n_countries' and provider == 'us'")
    own_error = rows.set_index("point")["difference_se"].reindex(long["point"]).to_numpy()
    assert (long["regret_se"] >= own_error - 1e-6)[long["regret"] > 0].all()
    pick = settings[settings["is_least_regretted"]].iloc[0]
    more = settings["regret_max"] - pick["regret_max"]
    near = more <= 2 * (settings["regret_max_se"] + pick["regret_max_se"])
    assert settings["is_within_chance"].tolist() == near.tolist()
    n = int(near.sum()) - 1
    says = " ".join(found.sentences())
    assert ("within twice the Monte Carlo error" in says) == (n > 0)


def test_a_cost_may_be_a_lever_or_an_outcome(crossed: sim.StoredSweep) -> None:
    by_lever = sim.robust(crossed, "n_countries(us)", cost=SLOTS).frame("settings")
    assert by_lever["cost"].tolist() == by_lever[SLOTS].tolist()
    funds = crossed.outcomes.query(
        "outcome == 'fund_usd_m' and provider == 'us' and offer.isna() and point > 0"
    )
    mean = funds.groupby([CONTROL, SLOTS])["mean"].mean()
    by_fund = sim.robust(crossed, "n_countries(us)", cost="fund_usd_m(us)").frame("settings")
    own = by_fund.set_index([CONTROL, SLOTS])["cost"].sort_index()
    np.testing.assert_allclose(own, mean.sort_index(), rtol=1e-5)
    given_up = sim.robust(crossed, "n_countries(us)").frame("settings")
    assert given_up["cost"].min() == 0


def test_levers_can_be_named_otherwise(crossed: sim.StoredSweep) -> None:
    found = sim.robust(crossed, "p_committed(JPN, us)", levers=[CONTROL], aim="less")
    assert len(found.frame("settings")) == 3
    assert len(found.crossing.worlds) == 6
    assert [each.name for each in found.crossing.uncertainties] == [SLOTS, WAITING]
    alone = sim.robust(crossed, "p_committed(JPN, us)", levers=CONTROL, aim="less")
    assert alone.frame("settings").equals(found.frame("settings"))


def test_an_outcome_that_is_zero_everywhere_has_no_shares(crossed: sim.StoredSweep) -> None:
    found = sim.robust(crossed, "fund_usd_m(china)")
    settings = found.frame("settings")
    assert (settings["mean"] == 0).all()
    assert (settings["regret_max"] == 0).all()
    assert settings[["regret_max_share", "own_regret_p90_share"]].isna().all().all()
    assert "No setting is better in any world." in found.sentences()[1]


def test_the_tables_are_written_with_their_dictionary(
    crossed: sim.StoredSweep, tmp_path: Path
) -> None:
    folder = sim.robust(crossed, "n_countries(us)").write(tmp_path / "robust")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert [each["path"] for each in package["resources"]] == ["settings.csv", "regrets.csv"]
    for each in package["resources"]:
        header = (folder / each["path"]).read_text("utf-8-sig").splitlines()[0].split(",")
        assert header == [field["name"] for field in each["schema"]["fields"]]


def test_a_design_that_does_not_fit_is_told_which_is_needed(tmp_path: Path) -> None:
    scenario = short_scenario()
    levers = sim.sweep(scenario, sim.Design.grid({CONTROL: [0.2, 0.6]}), 8, out=tmp_path)
    worlds = sim.sweep(scenario, sim.Design.grid({WAITING: [0.5, 1.5]}), 8, out=tmp_path)
    apart = sim.Design.table({CONTROL: [0.2, 0.6, 0.2], WAITING: [0.5, 1.5, 1.5]})
    for found, says in (
        (levers, f"varies {CONTROL}, but not an uncertainty"),
        (worlds, f"varies {WAITING}, but not a lever"),
        (sim.sweep(scenario, apart, 8, out=tmp_path), "of 2 settings in 2 worlds, 1 combinations"),
    ):
        with pytest.raises(InputError, match=f"(?s){says}.*Robustness needs levers crossed with"):
            sim.robust(found, "n_countries(us)")


@pytest.mark.parametrize(
    ("outcome", "given_", "says"),
    [
        ("n_contries(us)", {}, "Did you mean 'n_countries'"),
        ("n_countries(us)", {"levers": ["fund"]}, "fund is not varied.*It varies local_control"),
        ("n_countries(us)", {"aim": "most"}, "must be more or less"),
        ("n_countries(us)", {"percent": 80}, "from 0 to 50"),
        ("n_countries(us)", {"good_enough": "high"}, "must be a finite number"),
        ("n_countries(us)", {"cost": "gold"}, "gold is not an outcome"),
    ],
)
def test_arguments_are_checked(
    outcome: str, given_: dict[str, Any], says: str, crossed: sim.StoredSweep
) -> None:
    with pytest.raises(InputError, match=f"(?s){says}"):
        sim.robust(crossed, outcome, **given_)
    anything: Any = crossed.outcomes
    with pytest.raises(InputError, match="not a DataFrame"):
        sim.robust(anything, outcome)


def test_scenarios_are_worlds(tmp_path: Path) -> None:
    first = short_scenario()
    second = first.with_changes({"name": "strict", "parameters.w_waiting": 8.0})
    axes: dict[str, list[float]] = {CONTROL: [0.1, 0.9], WAITING: [0.5, 3.0]}
    swept = sim.sweep([first, second], sim.Design.grid(axes), 8, out=tmp_path)
    found = sim.robust(swept, "n_countries(us)", levers=CONTROL)
    assert found.outcome.shape == (2, 4)
    long = found.frame("regrets")
    assert long["scenario"].tolist() == [first.name, first.name, "strict", "strict"] * 2
    # The outcome of each row is that of the sweep's own table.
    rows = swept.outcomes.query("outcome == 'n_countries' and provider == 'us'")
    own = rows.set_index(["scenario", "point"])["mean"]
    expected = [own[pair] for pair in zip(long["scenario"], long["point"], strict=True)]
    np.testing.assert_allclose(long["outcome"], expected, rtol=1e-6)
    assert long.loc[long["is_expected"], "scenario"].unique().tolist() == [first.name]
    assert f"the scenario ({first.name}, strict)" in found.sentences()[0]
    # One of them alone, as before; and of levers alone, scenarios are the only worlds.
    alone = sim.robust(swept.within("strict"), "n_countries(us)", levers=CONTROL)
    np.testing.assert_array_equal(alone.outcome, found.outcome[:, 2:])
    levers = sim.robust(swept, "n_countries(us)", levers=[CONTROL, WAITING])
    assert levers.outcome.shape == (4, 2)
    with pytest.raises(InputError, match="not an uncertainty"):
        sim.robust(swept.within("strict"), "n_countries(us)", levers=[CONTROL, WAITING])
