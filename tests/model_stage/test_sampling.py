"""Uncertain numbers: each follows its distribution, within bounds, by its own address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from posteriors import estimated_scenario, use_table, written
from posteriors import rows as posterior_rows
from sim.model.ensemble import run_built
from sim.model.places import Records, locate, places_of, records_of
from sim.model.rows import FUTURES_PER_DRAW, draw_inputs
from sim.model.sampling import draw_numbers
from sim.model.world.building import Built, build_world
from sim.scenario import Distribution, Offer, load_scenario, numeric_fields
from tolerances import SIGNIFICANCE

N = 20_000
FUND = "fund_usd_m"
OPEN = (-np.inf, np.inf)
LAWS: list[tuple[dict[str, Any], Any]] = [
    ({"distribution": "uniform", "low": -2, "high": 6}, stats.uniform(-2, 8)),
    ({"distribution": "triangular", "low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
    ({"distribution": "triangular", "low": 1, "mode": 1, "high": 5}, stats.triang(0, 1, 4)),
    ({"distribution": "triangular", "low": 1, "mode": 5, "high": 5}, stats.triang(1, 1, 4)),
    ({"distribution": "loguniform", "low": 0.01, "high": 100}, stats.loguniform(0.01, 100)),
    ({"distribution": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
    (
        {"distribution": "normal", "mean": 3, "sd": 2, "low": 1, "high": 4},
        stats.truncnorm(-1, 0.5, 3, 2),
    ),
]


def draw(
    seed: int, laws: dict[str, dict[str, Any]], n: int = N, first: int = 0, **more: Any
) -> NDArray[np.float64]:
    """Return draws of some numbers by address, (n, numbers)."""
    return draw_numbers(
        seed,
        np.arange(first, first + n, dtype=np.uint64),
        list(laws),
        [Distribution(**law) for law in laws.values()],
        more.get("bounds", [OPEN] * len(laws)),
        more.get("is_whole", [False] * len(laws)),
        more.get("rows", [None] * len(laws)),
    )


@pytest.mark.parametrize("seed", [0, 5])
@pytest.mark.parametrize(("law", "known"), LAWS)
def test_draws_follow_the_distribution(law: dict[str, Any], known: Any, seed: int) -> None:
    values = draw(seed, {"parameters.w_peer": law})[:, 0]
    assert stats.kstest(values, known.cdf).pvalue > SIGNIFICANCE
    error = known.std() / np.sqrt(N)
    assert abs(values.mean() - known.mean()) < stats.norm.isf(SIGNIFICANCE / 2) * error
    assert values.min() >= law.get("low", -np.inf)
    assert values.max() <= law.get("high", np.inf)


def test_a_normal_without_limits_keeps_to_the_bounds_of_its_field() -> None:
    law = {"distribution": "normal", "mean": 0.9, "sd": 0.5}
    values = draw(0, {"providers.us.linkage": law}, bounds=[(0.0, 1.0)])[:, 0]
    known = stats.truncnorm(-1.8, 0.2, 0.9, 0.5)
    assert stats.kstest(values, known.cdf).pvalue > SIGNIFICANCE
    assert 0 <= values.min() < values.max() <= 1


def test_whole_numbers_are_whole_and_stay_within_their_limits() -> None:
    law = {"distribution": "uniform", "low": 2, "high": 5}
    values = draw(0, {"slots": law}, is_whole=[True])[:, 0]
    assert set(values) == {2.0, 3.0, 4.0, 5.0}


def test_a_draw_belongs_to_its_address_and_index_and_to_nothing_else() -> None:
    laws = {f"parameters.n{k}": law for k, (law, _) in enumerate(LAWS)}
    together = draw(3, laws, n=50)
    for k, (address, law) in enumerate(laws.items()):
        np.testing.assert_array_equal(draw(3, {address: law}, n=50)[:, 0], together[:, k])
    backwards = draw(3, dict(reversed(laws.items())), n=50)
    np.testing.assert_array_equal(backwards[:, ::-1], together)
    np.testing.assert_array_equal(draw(3, laws, n=10, first=40), together[40:])
    same = {"parameters.a": LAWS[0][0], "parameters.b": LAWS[0][0]}
    values = draw(3, same)
    assert abs(stats.pearsonr(*values.T).statistic) < stats.norm.isf(SIGNIFICANCE / 2) / np.sqrt(N)
    assert (draw(4, same) != values).all()


def drawn_records(built: Built, seed: int, replicate: Any) -> Records:
    """Return the records of some futures, uncertain numbers drawn."""
    return records_of(built, draw_inputs(built, seed, list(replicate)), slice(None))


def test_numbers_reach_the_records_under_their_names() -> None:
    built = build_world(load_scenario("baseline"))
    n_draws = 5
    replicates = np.arange(n_draws * FUTURES_PER_DRAW, dtype=np.uint64)
    records = drawn_records(built, 9, replicates)
    ensemble = run_built(built, replicates.size, 9)
    places = places_of(built.axes, ensemble.number_names)
    for j, address in enumerate(ensemble.number_names):
        field, row = places.field[j], places.row[j]
        assert address.endswith(f".{field}")
        column = getattr(records, places.group[j])[field]
        column = column if places.group[j] == "weight" else column[:, row]
        drawn = np.repeat(ensemble.number_draws[:, j], FUTURES_PER_DRAW)
        np.testing.assert_array_equal(column, drawn)


def test_what_is_not_uncertain_keeps_its_value() -> None:
    scenario = load_scenario("baseline")
    built = build_world(scenario)
    records = drawn_records(built, 9, range(8))
    drawn = set(scenario.uncertainties)
    for name, value in scenario.parameters.items():
        if f"parameters.{name}" not in drawn:
            assert (records.weight[name] == value).all()
    terms = scenario.offers["us.infrastructure"]
    row = built.axes.offer.index("us_infrastructure")
    for field in numeric_fields(Offer):
        if f"providers.us.offers.infrastructure.{field}" not in drawn:
            value = getattr(terms, field)
            expected = np.inf if value is None else float(value)
            assert (records.offer[field][:, row] == expected).all()


def test_records_and_numbers_are_the_same_memory() -> None:
    built = build_world(load_scenario("baseline"))
    records = drawn_records(built, 0, range(2))
    records.numbers("offer")[1, 0, numeric_fields(Offer).index(FUND)] = 77.0
    assert records.offer[FUND][1, 0] == 77.0
    assert built.offer[FUND][0] != 77.0


def joint_law(shift: float = 0.0) -> dict[str, Any]:
    return {"distribution": "posterior", "shift": shift}


def test_numbers_from_the_posterior_take_one_row_in_each_draw() -> None:
    table = np.random.default_rng(1).multivariate_normal([0, 0], [[1, -0.8], [-0.8, 1]], 50)
    laws = {"parameters.a": joint_law(), "parameters.b": LAWS[0][0], "parameters.c": joint_law()}
    values = draw(3, laws, rows=[table[:, 0], None, table[:, 1]])
    row = np.array([np.flatnonzero(table[:, 0] == value)[0] for value in values[:, 0]])
    np.testing.assert_array_equal(values[:, 2], table[row, 1])
    # Every row is as likely, so the correlations of the table are kept.
    counts = np.bincount(row, minlength=50)
    assert stats.chisquare(counts).pvalue > SIGNIFICANCE
    np.testing.assert_array_equal(values[:, [1]], draw(3, {"parameters.b": LAWS[0][0]}))


def test_a_row_belongs_to_its_draw_and_to_nothing_else() -> None:
    rows = np.arange(30.0)
    laws = {f"parameters.{name}": joint_law() for name in "abc"}
    together = draw(0, laws, n=200, rows=[rows] * 3)
    assert (together == together[:, :1]).all()
    alone = draw(0, {"parameters.b": joint_law()}, n=200, rows=[rows])
    np.testing.assert_array_equal(alone, together[:, [1]])
    np.testing.assert_array_equal(draw(0, laws, n=20, first=180, rows=[rows] * 3), together[180:])
    assert (draw(1, laws, n=200, rows=[rows] * 3) != together).any()
    # Another table of the same length is read at the same rows.
    other = draw(0, laws, n=200, rows=[rows**2] * 3)
    np.testing.assert_array_equal(other, together**2)


def test_estimated_numbers_reach_the_records_jointly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = use_table(monkeypatch, written(tmp_path, posterior_rows()))
    posterior = table.find("2025-03", "contract")
    assert posterior is not None
    built = build_world(estimated_scenario())
    records = drawn_records(built, 7, range(80 * FUTURES_PER_DRAW))
    offer = built.axes.offer.index("us_infrastructure")
    likeness, intercept = records.weight["w_likeness"], records.offer["intercept"][:, offer]
    pairs = {*zip(posterior.column("w_likeness"), posterior.column("intercept") - 1.5, strict=True)}
    assert {*zip(likeness, intercept, strict=True)} <= pairs
    assert len(set(likeness)) > 20
    # Four futures share a draw.
    assert (likeness.reshape(-1, FUTURES_PER_DRAW) == likeness[::FUTURES_PER_DRAW, None]).all()


def test_fixing_one_estimated_number_leaves_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_table(monkeypatch, written(tmp_path, posterior_rows()))
    scenario = estimated_scenario()
    free = drawn_records(build_world(scenario), 7, range(40))
    fixed_scenario = scenario.with_changes({"parameters.w_likeness": 1.0})
    fixed = drawn_records(build_world(fixed_scenario), 7, range(40))
    assert (fixed.weight["w_likeness"] == 1.0).all()
    for name in free.weight.dtype.names or ():
        if name != "w_likeness":
            np.testing.assert_array_equal(fixed.weight[name], free.weight[name])
    np.testing.assert_array_equal(fixed.offer, free.offer)


def test_a_value_set_in_rows_is_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_table(monkeypatch, written(tmp_path, posterior_rows()))
    built = build_world(estimated_scenario())
    free = drawn_records(built, 7, range(40))
    places = locate(built, ["parameters.w_likeness"])
    inputs = draw_inputs(built, 7, [*range(40)], places, np.linspace(0, 1, 40)[:, None])
    placed = records_of(built, inputs, slice(None))
    np.testing.assert_array_equal(placed.weight["w_likeness"], np.linspace(0, 1, 40))
    np.testing.assert_array_equal(placed.weight["w_ally"], free.weight["w_ally"])
    np.testing.assert_array_equal(placed.offer, free.offer)
