"""Scenarios that draw their numbers from a posterior: what they get, and what is refused."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from posteriors import INTERCEPT, rows, use_table, written
from sim.data.posterior import PosteriorTable
from sim.errors import ScenarioError
from sim.scenario import Scenario, load_scenario, load_scenario_text, scenario_from_dict

DATA = Path(__file__).parents[1] / "data"
HEAD = "name: child\ntitle: Child\ndescription: A child.\nextends: small\n"


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PosteriorTable:
    return use_table(monkeypatch, written(tmp_path, rows()))


def child(body: str) -> Scenario:
    return load_scenario_text(HEAD + body, DATA, "child.yaml")


def said(body: str) -> list[str]:
    """Return the problems of a child, each as place, message and remedy."""
    with pytest.raises(ScenarioError) as caught:
        child(body)
    return [f"{p.file}:{p.line}: {p.message} | {p.remedy}" for p in caught.value.problems]


def test_every_estimated_parameter_is_drawn_around_its_mean(table: PosteriorTable) -> None:
    scenario = child("estimated: {}\n")
    posterior = table.find("2025-03", "contract")
    assert posterior is not None
    assert scenario.posterior is posterior
    for name in ("w_likeness", "review_rate"):
        drawn = scenario.uncertainties[f"parameters.{name}"]
        low, high = posterior.intervals[name]
        assert (drawn.kind, drawn.column, drawn.shift) == ("posterior", name, 0)
        assert (drawn.low, drawn.mode, drawn.high) == (low, posterior.means[name], high)
        assert scenario.parameters[name] == posterior.means[name]


def test_values_keep_to_the_bounds_of_their_number(table: PosteriorTable) -> None:
    posterior = table.find("2025-03", "contract")
    assert posterior is not None
    assert posterior.column("w_ally").min() < 0
    scenario = child(
        "estimated: {}\nuncertainties: {parameters.w_tie: {distribution: posterior, "
        "column: w_ally}}\n"
    )
    values = scenario.posterior_rows("parameters.w_tie")
    assert values is not None
    np.testing.assert_array_equal(values, np.maximum(posterior.column("w_ally"), 0))
    assert scenario.parameters["w_tie"] == pytest.approx(values.mean(), abs=1e-9)
    assert scenario.posterior_rows("parameters.w_peer") is None


def test_nothing_changes_without_the_key() -> None:
    scenario = child("")
    assert scenario.posterior is None
    assert "estimated" not in scenario.to_dict()
    assert all(drawn.kind != "posterior" for drawn in scenario.uncertainties.values())


def test_what_the_file_sets_or_spreads_itself_is_not_estimated() -> None:
    scenario = child(
        "estimated: {}\nparameters: {w_ally: 2}\n"
        "uncertainties: {parameters.review_rate: {distribution: uniform, low: 0.01, high: 0.1},\n"
        "  parameters.w_likeness: fixed}\n"
    )
    assert scenario.parameters["w_ally"] == 2
    assert "parameters.w_ally" not in scenario.uncertainties
    assert scenario.uncertainties["parameters.review_rate"].kind == "uniform"
    assert scenario.parameters["w_likeness"] == 0
    assert "parameters.w_likeness" not in scenario.uncertainties


@pytest.mark.parametrize(
    ("body", "month", "programme"),
    [
        ("estimated: {}\n", "2025-03", ""),
        ("estimated: {as_of: 2025-08}\n", "2025-03", ""),
        ("estimated: {as_of: 2026-01}\n", "2025-09", ""),
        ("estimated: {as_of: 2025-09, programme: space_treaty}\n", "2025-09", "space_treaty"),
        (
            "horizon: {start: 2025-09, end: 2026-01}\nevents: null\nestimated: {programme: null}\n",
            "2025-09",
            "",
        ),
    ],
)
def test_the_latest_posterior_not_after_the_month_is_taken(
    body: str, month: str, programme: str
) -> None:
    scenario = child(body)
    assert scenario.posterior is not None
    assert (scenario.posterior.as_of, scenario.posterior.programme) == (month, programme)
    # The complete scenario names what was found.
    asked = {"as_of": month, "kind": "contract"} | ({"programme": programme} if programme else {})
    assert scenario.to_dict()["estimated"] == asked


def test_an_intercept_comes_from_the_same_rows_shifted(table: PosteriorTable) -> None:
    body = f"uncertainties: {{{INTERCEPT}: {{distribution: posterior, shift: -1.5}}}}\n"
    scenario = child("estimated: {}\n" + body)
    posterior = table.find("2025-03", "contract")
    assert posterior is not None
    values = scenario.posterior_rows(INTERCEPT)
    assert values is not None
    np.testing.assert_array_equal(values, posterior.column("intercept") - 1.5)
    assert scenario.value(INTERCEPT) == pytest.approx(posterior.means["intercept"] - 1.5)
    # The posterior gives the value, whatever a file states beside it.
    stated = "providers: {us: {offers: {infrastructure: {intercept: 3}}}}\n"
    assert child("estimated: {}\n" + body + stated).value(INTERCEPT) == scenario.value(INTERCEPT)


def test_a_column_can_be_named() -> None:
    scenario = child(
        "estimated: {}\nuncertainties: {parameters.w_record: {distribution: posterior, "
        "column: w_ally}}\n"
    )
    names = ("w_ally", "w_record")
    ally, record = (scenario.posterior_rows(f"parameters.{name}") for name in names)
    assert ally is not None
    assert record is not None
    np.testing.assert_array_equal(record, ally)


def test_a_complete_scenario_loads_again_and_pickles() -> None:
    scenario = child(
        f"estimated: {{}}\nuncertainties: {{{INTERCEPT}: {{distribution: posterior}}}}\n"
    )
    for again in (scenario_from_dict(scenario.to_dict()), pickle.loads(pickle.dumps(scenario))):
        assert again == scenario
        assert dict(again.uncertainties) == dict(scenario.uncertainties)
        assert again.posterior == scenario.posterior


def test_setting_a_number_ends_its_drawing() -> None:
    scenario = child(
        f"estimated: {{}}\nuncertainties: {{{INTERCEPT}: {{distribution: posterior}}}}\n"
    )
    moved = scenario.with_changes({"parameters.w_likeness": 1.0, INTERCEPT: 0.5})
    assert (moved.parameters["w_likeness"], moved.value(INTERCEPT)) == (1.0, 0.5)
    assert {"parameters.w_likeness", INTERCEPT}.isdisjoint(moved.uncertainties)
    assert moved.uncertainties["parameters.w_ally"] == scenario.uncertainties["parameters.w_ally"]


def test_a_lever_leaves_the_posterior_as_it_is() -> None:
    scenario = child("estimated: {}\n")
    moved = scenario.with_levers({"local_control": 0.9})
    assert moved.uncertainties["parameters.w_ally"] == scenario.uncertainties["parameters.w_ally"]
    assert moved.posterior == scenario.posterior


def test_another_posterior_can_be_chosen_in_code(table: PosteriorTable) -> None:
    small = load_scenario(DATA / "small.yaml").with_changes({"parameters.review_rate": 0.1})
    late = small.with_changes({"estimated": {}}).with_changes({"estimated.as_of": "2025-09"})
    posterior = table.find("2025-09", "contract")
    assert posterior is not None
    assert late.posterior is posterior
    assert late.parameters["w_likeness"] == posterior.means["w_likeness"]
    # It was set before, so no posterior gives it.
    assert late.parameters["review_rate"] == 0.1
    assert late.with_changes({"estimated": None}) == small


def test_a_child_can_drop_the_posterior(tmp_path: Path) -> None:
    shutil.copy(DATA / "small.yaml", tmp_path)
    body = f"estimated: {{}}\nuncertainties: {{{INTERCEPT}: {{distribution: posterior}}}}\n"
    (tmp_path / "child.yaml").write_text(HEAD + body, "utf-8")
    head = "name: third\ntitle: Third\ndescription: A grandchild.\nextends: child\n"
    plain = load_scenario_text(f"{head}estimated: null\n", tmp_path)
    small = load_scenario(DATA / "small.yaml")
    assert dict(plain.uncertainties) == dict(small.uncertainties)
    assert dict(plain.parameters) == dict(small.parameters)
    assert plain.value(INTERCEPT) == small.value(INTERCEPT)


def test_a_child_replaces_a_distribution_of_another_kind_as_a_whole() -> None:
    address = "providers.us.offers.infrastructure.local_control"
    law = "{distribution: triangular, low: 0.1, mode: 0.3, high: 0.5}"
    drawn = child(f"uncertainties: {{{address}: {law}}}\n").uncertainties[address]
    again = Scenario.with_changes(
        child(f"uncertainties: {{{address}: {law}}}\n"),
        {f"uncertainties.{address}": {"distribution": "uniform", "low": 0.2, "high": 0.6}},
    ).uncertainties[address]
    assert (drawn.mode, again.kind, again.mode) == (0.3, "uniform", None)
    # The same kind merges key by key, as maps do.
    wider = child(f"uncertainties: {{{address}: {{high: 0.9}}}}\n").uncertainties[address]
    assert (wider.kind, wider.low, wider.high) == ("uniform", 0.2, 0.9)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f"uncertainties:\n  {INTERCEPT}: {{distribution: posterior}}\n",
            f"child.yaml:6: uncertainties.{INTERCEPT} is drawn from the posterior, but the "
            "scenario asks for none. | Add 'estimated: {}' at the top level, or give another "
            "distribution.",
        ),
        (
            "estimated: {as_of: 2025-02}\n",
            'child.yaml:5: estimated.as_of = "2025-02" is before the earliest posterior, which is '
            "that of 2025-03. | Use 2025-03 or a later month.",
        ),
        (
            "horizon: {start: 2024-05, end: 2025-01}\nevents: null\nestimated: {}\n",
            "child.yaml:7: estimated finds no posterior as early as 2024-05, where the horizon "
            "starts. | The earliest is that of 2025-03: start then, or leave out 'estimated'.",
        ),
        (
            "estimated: {kind: treaty}\n",
            'child.yaml:5: estimated.kind = "treaty" must be one of declaration, membership, '
            "contract, vote. | Known are: contract, declaration, membership, vote.",
        ),
        (
            "estimated: {kind: membership}\n",
            'child.yaml:5: estimated.kind = "membership" has no posterior as of '
            "2025-03. | Set estimated.kind to contract or vote.",
        ),
        (
            "estimated: {as_of: 2025-09, programme: space_treat}\n",
            'child.yaml:5: estimated.programme = "space_treat" has no posterior of its own among '
            "those of contracts as of 2025-09. | Did you mean 'space_treaty'?",
        ),
        (
            "estimated: {as_of: 2025-09, programme: moon}\n",
            'child.yaml:5: estimated.programme = "moon" has no posterior of its own among those '
            "of contracts as of 2025-09. | Known are: space_treaty.",
        ),
        (
            "estimated: {programme: moon}\n",
            'child.yaml:5: estimated.programme = "moon" has no posterior of its own among those '
            "of contracts as of 2025-03. | Leave it out, for a new programme of that kind.",
        ),
        (
            "estimated: {}\nproviders: {china: {offers: {cloud: {kind: vote}}}}\n",
            "child.yaml:5: estimated must state a kind, because the offers are of the kinds "
            "contract and vote. | For example: {kind: contract}.",
        ),
        (
            "estimated: {}\nuncertainties:\n  parameters.w_peer: {distribution: posterior}\n",
            "child.yaml:7: uncertainties.parameters.w_peer has no column w_peer in the posterior. "
            "| Known are: intercept, review_rate, w_ally, w_likeness.",
        ),
        (
            "estimated: {}\nuncertainties:\n"
            "  parameters.w_peer: {distribution: posterior, column: w_aly}\n",
            'child.yaml:7: uncertainties.parameters.w_peer.column = "w_aly" is not a column of the '
            "posterior. | Did you mean 'w_ally'?",
        ),
        (
            "estimated: {}\nuncertainties:\n"
            "  providers.us.linkage: {distribution: posterior, column: w_ally}\n",
            'child.yaml:7: uncertainties.providers.us.linkage.column = "w_ally" is in utility, but '
            "providers.us.linkage in share. | Give the number another distribution.",
        ),
        (
            "estimated: {}\nuncertainties:\n"
            "  parameters.w_peer: {distribution: posterior, column: review_rate}\n",
            'child.yaml:7: uncertainties.parameters.w_peer.column = "review_rate" is in per month, '
            "but parameters.w_peer in utility. | Columns in utility are w_likeness, w_ally, "
            "intercept.",
        ),
        (
            "estimated: {}\nuncertainties:\n"
            "  parameters.w_ally: {distribution: posterior, low: 0, high: 2}\n",
            "child.yaml:7: uncertainties.parameters.w_ally.high = 2 is not used by a posterior "
            "distribution. | A posterior distribution takes column, shift.",
        ),
        (
            "uncertainties:\n  parameters.w_ally: {distribution: uniform, low: 0, high: 2, "
            "shift: 1}\n",
            "child.yaml:6: uncertainties.parameters.w_ally.shift = 1 is not used by a uniform "
            "distribution. | A uniform distribution takes low, high.",
        ),
        (
            "estimated: {asof: 2025-09}\n",
            "child.yaml:5: estimated.asof is not a known key. | Did you mean 'as_of'?",
        ),
    ],
)  # fmt: skip
def test_what_no_posterior_can_give_is_refused(body: str, expected: str) -> None:
    assert expected in said(body)


def test_one_fault_gives_one_message() -> None:
    body = f"uncertainties: {{{INTERCEPT}: {{distribution: posterior}}}}\n"
    assert len(said("estimated: {as_of: 2025-02}\n" + body)) == 1
    assert len(said("estimated: {as_of: yesterday}\n" + body)) == 1
    assert len(said("estimated: {kind: treaty}\n" + body)) == 1
