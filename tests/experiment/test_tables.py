"""The tables of a run: their columns, and what must add up in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import sim
from sim.errors import RunError
from sim.experiment import Result
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.countries import FEWEST_SIGNINGS
from sim.model.layout import OFFER_COLUMNS
from sim.scenario import Scenario
from sim.scenario.checks.keys import column_names

# Numbers of six significant digits: what a sum of a few shares can be off by.
SIX_DIGITS = 5e-6
# The same for a sum over all countries.
MANY_OF_SIX_DIGITS = 2e-5

# The columns that every reader can count on, in order. More may follow.
FIRST_COLUMNS = {
    "countries": "scenario country name region p_uncommitted p_sovereign p_us_infrastructure "
    "p_us_adoption p_china_infrastructure p_china_adoption "
    "p_us_infrastructure_and_china_infrastructure p_us_infrastructure_and_china_adoption "
    "p_us_adoption_and_china_infrastructure p_us_adoption_and_china_adoption "
    "p_us_infrastructure_and_sovereign p_us_adoption_and_sovereign "
    "p_china_infrastructure_and_sovereign p_china_adoption_and_sovereign "
    "p_committed_us p_committed_china "
    "month_signed_us_infrastructure_p10 month_signed_us_infrastructure_p50 "
    "month_signed_us_infrastructure_p90",
    "timeline": "scenario month path outcome mean mean_se p05 p25 p50 p75 p95",
    "providers": "scenario month provider offer n_invitations_open_mean n_invitations_open_mean_se "
    "n_invitations_open_p05 n_invitations_open_p95",
    "partners": "scenario provider offer counted n_partners p",
    "totals": "scenario provider outcome unit mean mean_se p05 p50 p95",
    "transitions": "scenario path_from path_to mean mean_se p05 p95",
    "countries_timeline": "scenario month country path p",
    "events": "scenario month kind title target value countries probability source",
    "parameters": "scenario address value unit low high distribution",
}


@pytest.mark.parametrize("name", RUN_TABLES)
def test_columns_are_described_and_stand_in_their_order(result: Result, name: str) -> None:
    table = result.table(name)
    expected = FIRST_COLUMNS[name].split()
    assert list(table.frame)[: len(expected)] == expected
    assert [column.name for column in table.columns] == list(table.frame)
    assert all(column.description.endswith(".") for column in table.columns)
    assert all(c.unit for c in table.columns if c.kind in ("number", "integer", "yearmonth"))
    assert (table.frame["scenario"] == "baseline").all()
    if table.key:
        assert not table.frame.duplicated(list(table.key)).any()
        assert not table.frame[list(table.key)].isna().any(axis=None)


@pytest.mark.parametrize("name", RUN_TABLES)
def test_cells_are_rounded_and_never_a_negative_zero(today: Result, name: str) -> None:
    for column in today.columns(name):
        if column.kind == "number":
            values = today.frame(name)[column.name].to_numpy(np.float64)
            assert not np.isinf(values).any()
            assert not np.signbit(values[values == 0.0]).any()
            known = values[~np.isnan(values)]
            assert known.tolist() == [float(f"{v:.6g}") for v in known.tolist()]


def test_the_drivers_of_every_term_are_there(result: Result) -> None:
    expected = [
        f"driver_{provider}_{term}"
        for provider in result.ensemble.axes.provider
        for term in result.ensemble.axes.term
    ]
    assert [name for name in map(str, result.countries) if name.startswith("driver_")] == expected


@pytest.mark.parametrize("run", ["result", "today"])
def test_the_probabilities_of_the_paths_sum_to_one(
    run: str, request: pytest.FixtureRequest
) -> None:
    a_run: Result = request.getfixturevalue(run)
    paths = [f"p_{path}" for path in a_run.ensemble.axes.path]
    total = a_run.countries[paths].sum(axis=1)
    assert_allclose(total, 1.0, atol=SIX_DIGITS)
    by_month = a_run.countries_timeline.groupby(["month", "country"])["p"].sum()
    assert_allclose(by_month, 1.0, atol=SIX_DIGITS)


def test_commitment_is_the_sum_of_the_paths_that_hold_the_provider(result: Result) -> None:
    axes = result.ensemble.axes
    for provider in axes.provider:
        held = [
            f"p_{path}"
            for path, providers in zip(axes.path, axes.path_providers, strict=True)
            if provider in providers
        ]
        expected = result.countries[held].sum(axis=1)
        assert_allclose(result.countries[f"p_committed_{provider}"], expected, atol=SIX_DIGITS)


@pytest.mark.parametrize("run", ["result", "today"])
def test_probabilities_lie_within_their_intervals(run: str, request: pytest.FixtureRequest) -> None:
    a_run: Result = request.getfixturevalue(run)
    table = a_run.countries
    names = [str(n).removesuffix("_low") for n in table if str(n).endswith("_low")]
    # Two providers; for each of four offers, that it is invited and that it ever signs.
    assert len(names) == 2 + 2 * 4
    for name in names:
        low, p, high = (table[f"{name}{end}"].to_numpy() for end in ("_low", "", "_high"))
        assert ((low >= 0) & (low <= p) & (p <= high) & (high <= 1)).all()
        assert (table[f"{name}_se_chance"] >= 0).all()


def test_counts_agree_between_tables(result: Result) -> None:
    last = result.scenario.months[-1]
    timeline = result.timeline[result.timeline["month"] == last]
    counts = timeline[timeline["outcome"] == "n_countries"].set_index("path")["mean"]
    assert_allclose(counts.sum(), len(result.countries), rtol=SIX_DIGITS)
    for path, mean in counts.items():
        assert_allclose(
            result.countries[f"p_{path}"].sum(),
            mean,
            rtol=MANY_OF_SIX_DIGITS,
            atol=MANY_OF_SIX_DIGITS,
        )
    totals = result.totals[result.totals["outcome"] == "n_countries"]
    for provider, mean in zip(totals["provider"], totals["mean"], strict=True):
        assert_allclose(
            result.countries[f"p_committed_{provider}"].sum(), mean, rtol=MANY_OF_SIX_DIGITS
        )


def test_distributions_of_partners_are_distributions(result: Result) -> None:
    for (provider, offer, counted), rows in result.partners.groupby(
        ["provider", "offer", "counted"]
    ):
        assert_allclose(rows["p"].sum(), 1.0, atol=SIX_DIGITS)
        assert rows["n_partners"].tolist() == list(range(len(rows)))
        if offer == "all" and counted == "at_end":
            mean = (rows["n_partners"] * rows["p"]).sum()
            own = result.totals[result.totals["provider"] == provider].set_index("outcome")
            assert_allclose(mean, own["mean"].to_dict()["n_countries"], rtol=MANY_OF_SIX_DIGITS)


def test_slots_are_never_overfull(result: Result) -> None:
    offer = result.providers[result.providers["offer"] == "us_infrastructure"]
    assert (offer["n_slots_held_p95"] <= 10).all()
    assert offer["n_slots_held_mean"].iloc[-1] > 1


def test_quantiles_are_in_order(result: Result) -> None:
    ends = ["p05", "p25", "p50", "p75", "p95"]
    assert (result.timeline[ends].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    for measure in OFFER_COLUMNS:
        low, high = (result.providers[f"{measure}_{end}"] for end in ("p05", "p95"))
        assert (low <= high).all()


def test_variance_shares_are_shares(result: Result) -> None:
    for name in ("timeline", "totals"):
        assert result.frame(name)["variance_from_parameters_share"].between(0, 1).all()


def test_moves_add_up_to_where_countries_end(result: Result) -> None:
    n = len(result.countries)
    moves = result.transitions
    last = result.timeline[result.timeline["month"] == result.scenario.months[-1]]
    counts = last[last["outcome"] == "n_countries"].set_index("path")["mean"]
    for path, mean in counts.items():
        arrived = moves.loc[moves["path_to"] == path, "mean"].sum()
        departed = moves.loc[moves["path_from"] == path, "mean"].sum()
        began = n if path == "uncommitted" else 0
        assert_allclose(
            began + arrived - departed, mean, rtol=MANY_OF_SIX_DIGITS, atol=100 * MANY_OF_SIX_DIGITS
        )


def test_months_of_signature_are_in_order_and_known_only_where_enough_sign(
    result: Result,
) -> None:
    table = result.countries
    for offer in result.ensemble.axes.offer:
        months = table[[f"month_signed_{offer}_p{q}" for q in (10, 50, 90)]]
        signing = table[f"p_ever_signed_{offer}"] * result.replicates
        is_known = (signing >= 19.5).to_numpy()
        assert (months.notna().all(axis=1).to_numpy() == is_known).all()
        known = months[is_known].astype(str).to_numpy()
        assert (known[:, 0] <= known[:, 1]).all()
        assert (known[:, 1] <= known[:, 2]).all()
        assert set(known.ravel()) <= set(result.scenario.months)


def test_the_median_month_is_that_of_the_futures_that_sign(result: Result) -> None:
    o = result.ensemble.axes.offer.index("us_adoption")
    i = result.ensemble.axes.country.index("NOR")
    signed = np.sort(result.ensemble.month_signed[:, i, o])
    signed = signed[signed >= 0]
    middle = signed[int(np.ceil(0.5 * signed.size)) - 1]
    row = result.countries.set_index("country").loc["NOR"]
    assert row["month_signed_us_adoption_p50"] == result.scenario.months[int(middle)]


def test_events_hold_the_record_at_the_start_and_every_effect(today: Result) -> None:
    events, scenario = today.events, today.scenario
    kinds = events["kind"].value_counts().to_dict()
    assert kinds["commitment"] == len(scenario.initial.commitments)
    assert kinds.get("withdrawal", 0) == len(scenario.initial.withdrawals)
    assert events["source"].notna().all()


def test_events_of_each_kind_are_told_apart(baseline: Scenario) -> None:
    changes = {
        "events": [
            {"date": "2026-01", "title": "More", "set": {"providers.us.linkage": 0.9}},
            {"date": "2026-02", "title": "No limit",
             "set": {"providers.us.offers.infrastructure.slots": None}},
            {"date": "2026-03", "title": "=cmd", "shock": {"provider": "us", "size": 0.3}},
            {"date": "2026-04", "title": "Turn", "probability": 0.5,
             "affinity_shift": {"provider": "us", "size": -0.2, "countries": ["BRA", "IND"]}},
        ]
    }  # fmt: skip
    events = sim.simulate(baseline.with_changes(changes), 4, seed=1).events
    assert events["kind"].tolist() == ["set", "set", "shock", "affinity_shift"]
    assert events["value"].tolist()[::3] == [0.9, -0.2]
    assert pd.isna(events["value"].iloc[1])
    assert events["countries"].tolist()[2:] == ["all", "BRA IND"]
    assert events["title"].iloc[2] == "'=cmd"
    assert events["probability"].iloc[3] == 0.5


def test_every_number_is_listed_with_what_it_rests_on(result: Result) -> None:
    table = result.parameters.set_index("address")
    scenario = result.scenario
    assert {f"parameters.{name}" for name in scenario.parameters} <= set(table.index)
    assert table["status"].notna().all()
    assert table["unit"].notna().all()
    drawn = table[table["distribution"].notna()]
    assert set(drawn.index) == set(result.ensemble.number_names)
    assert (drawn["drawn_p05"] < drawn["drawn_p95"]).all()
    values = table["value"].to_dict()
    assert table["source"].notna().all()
    source = table["source"].to_dict()
    assert source["parameters.w_data_centre"] == "assumption"
    assert source["parameters.w_ally"] == "posterior of contracts, as of 2025-05"
    assert source["parameters.stall_rate"] == "deals-2026"
    offer = "providers.us.offers.infrastructure"
    assert source[f"{offer}.patience_months"] == "default of scenario files, an assumption"
    assert source[f"{offer}.data_centre_mw_min"] == "set by the scenario baseline"
    assert source[f"{offer}.slots"].startswith("set by the scenario baseline; its lever says: The")
    assert values["providers.us.offers.infrastructure.slots"] == 10
    assert np.isnan(values["providers.us.offers.adoption.slots"])


def test_a_parameter_that_the_scenario_sets_says_so(baseline: Scenario) -> None:
    changed = baseline.with_changes({"parameters.w_peer": 0.25})
    table = sim.simulate(changed, 4, seed=1).parameters.set_index("address")
    row = table.loc["parameters.w_peer"]
    assert (row["value"], row["status"]) == (0.25, "scenario")
    assert row["source"] == "set by the scenario baseline; 1.6 in the parameter table"
    assert pd.isna(row["distribution"])


def test_a_few_futures_leave_intervals_empty(baseline: Scenario) -> None:
    countries = sim.simulate(baseline, 3, seed=1).countries
    assert countries["p_committed_us_low"].isna().all()
    assert countries["p_committed_us"].notna().all()


def test_an_unknown_table_is_named(result: Result) -> None:
    with pytest.raises(RunError, match="a run has no table 'nothing'"):
        result.frame("nothing")


@pytest.mark.parametrize(
    ("provider", "offer", "column"),
    [
        ("committed", "us", "p_committed_us"),
        ("committed", "us_low", "p_committed_us_low"),
        ("ever", "signed_us_adoption", "p_ever_signed_us_adoption"),
        ("invited", "us_adoption", "p_invited_us_adoption"),
    ],
)
def test_names_that_make_two_columns_meet_are_refused(
    baseline: Scenario, provider: str, offer: str, column: str
) -> None:
    twin = baseline.to_dict()["providers"]["us"] | {"home": ["FRA"]}
    twin["offers"] = {offer: twin["offers"]["adoption"]}
    with pytest.raises(sim.ScenarioError, match=f"two columns of (.*) the name {column}"):
        baseline.with_changes({f"providers.{provider}": twin})


def test_the_check_of_names_knows_every_column_that_holds_one(result: Result) -> None:
    offers = {name: tuple(p.offers) for name, p in result.scenario.providers.items()}
    plain = {"scenario", "country", "name", "region", "share_imputed"}
    found = [str(name) for name in result.countries if name not in plain]
    assert {n for n in found if not n.startswith("driver_")} == set(column_names(offers))
    assert not any("_" in term for term in result.ensemble.axes.term)


def test_acceptance_is_the_share_of_the_invited_that_sign(result: Result) -> None:
    table = result.countries.set_index("country")
    ensemble = result.ensemble
    for o, offer in enumerate(ensemble.axes.offer):
        for i in range(0, len(ensemble.axes.country), 7):
            invited = ensemble.month_invited[:, i, o] >= 0
            found = table[f"p_signed_given_invited_{offer}"][ensemble.axes.country[i]]
            error = f"p_signed_given_invited_{offer}_se_chance"
            if invited.sum() < FEWEST_SIGNINGS:
                assert np.isnan(found)
                assert np.isnan(table[error][ensemble.axes.country[i]])
            else:
                signs = ensemble.month_signed[invited, i, o] >= 0
                assert found == pytest.approx(signs.mean(), rel=SIX_DIGITS)
                assert table[error][ensemble.axes.country[i]] > 0.0


@pytest.mark.parametrize("run", ["result", "today"])
def test_both_filters_multiply_to_the_probability_of_signing(
    run: str, request: pytest.FixtureRequest
) -> None:
    a_run: Result = request.getfixturevalue(run)
    for offer in a_run.ensemble.axes.offer:
        table = a_run.countries[a_run.countries[f"p_signed_given_invited_{offer}"].notna()]
        both = table[f"p_invited_{offer}"] * table[f"p_signed_given_invited_{offer}"]
        assert len(table) > 10
        assert_allclose(both, table[f"p_ever_signed_{offer}"], rtol=2 * SIX_DIGITS)


def test_access_says_where_rules_or_the_record_decide(today: Result) -> None:
    table = today.countries.set_index("country")
    assert table.loc["KAZ", "access_us_adoption"] == "on_record"
    assert table.loc["KAZ", "access_us_infrastructure"] == "by_selection"
    assert table.loc["RUS", "access_us_adoption"] == "closed"
    assert table.loc["PAK", "access_us_adoption"] == "all_may_join"
    for offer in today.ensemble.axes.offer:
        ways = table[f"access_{offer}"]
        assert (table[f"p_ever_signed_{offer}"][ways == "closed"] == 0.0).all()
        assert (table[f"p_ever_signed_{offer}"][ways == "on_record"] == 1.0).all()
        # A rule invites everyone, so no number of futures is needed to be sure of it.
        joins = ways == "all_may_join"
        assert (table[f"p_invited_{offer}"][joins] == 1.0).all()
        assert (table[f"p_invited_{offer}_se_chance"][joins] == 0.0).all()


def test_a_single_future_puts_nobody_on_record(baseline: Scenario) -> None:
    table = sim.simulate(baseline, 1, seed=1).countries
    ways = table.filter(like="access_")
    assert not (ways == "on_record").any(axis=None)


def test_a_signature_on_record_is_no_answer_to_a_later_invitation() -> None:
    result = sim.simulate(sim.load_scenario("today"), 60, seed=1)
    table = result.countries.set_index("country")
    made = [each for each in result.scenario.initial.commitments if each.offer == "us.adoption"]
    on_record = [each.country for each in made if each.country in table.index]
    assert len(on_record) > 5
    answers = table["p_signed_given_invited_us_adoption"]
    assert (table["p_invited_us_adoption"][on_record] > 0).any()
    assert answers[on_record].isna().all()
    assert answers.drop(on_record).max() > 0.5


def test_only_a_rule_or_the_record_leaves_a_probability_without_an_error(result: Result) -> None:
    table = result.countries
    offer = "us_infrastructure"
    never = table[f"p_ever_signed_{offer}"] == 0.0
    admitted = table[f"is_eligible_{offer}"]
    error = table[f"p_ever_signed_{offer}_se_chance"]
    assert (never & admitted).any()
    assert (never & ~admitted).any()
    assert (error[never & admitted] > 0.0).all()
    assert (error[never & ~admitted] == 0.0).all()
    today = sim.simulate(sim.load_scenario("today"), 40, seed=1).countries.set_index("country")
    assert today.loc["KOR", f"p_ever_signed_{offer}"] == 1.0
    assert today.loc["KOR", f"p_ever_signed_{offer}_se_chance"] == 0.0
