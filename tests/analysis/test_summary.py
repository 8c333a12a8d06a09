"""Partners by kind, places, likeliest paths and changes, in futures whose ends are set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.shown import Shown
from sim.analysis.standing import path_groups
from sim.analysis.summary.changes import flips, largest_movers, likeliest_before, partner_changes
from sim.analysis.summary.country import country_headline, endings, endings_in_words
from sim.analysis.summary.dated import Dated, dated_record, events_in_view, unwritten_in_words
from sim.analysis.summary.kinds import data_centre_offers, partners_by_kind
from sim.analysis.summary.places import places_held, places_in_words, who_gets_the_places
from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.tables.differences import Pair
from sim.model.ensemble import Ensemble, run_ensemble
from sim.words.definitions import DEFINITIONS
from sim.words.titles import path_title
from sim.words.wording import title_of_path

N = 8
LARGE, LIGHT = "us_infrastructure", "us_adoption"
BOTH = "us_adoption_and_china_infrastructure"
OWN = "sovereign"
# By country, the path at the end of each of the eight futures; all others wait.
BEFORE = {
    "KOR": [LARGE] * 4 + ["uncommitted"] * 4,
    "JPN": [LIGHT] * 6 + [OWN] * 2,
    "BRA": ["uncommitted"] * 8,
}
NOW = {
    "KOR": [LARGE] * 6 + [LIGHT] * 2,
    "JPN": [LIGHT] * 2 + [BOTH] * 5 + ["uncommitted"],
    "BRA": ["china_adoption"] * 5 + ["uncommitted"] * 3,
}


@pytest.fixture(scope="module")
def made() -> Ensemble:
    return run_ensemble(sim.load_scenario("baseline"), replicates=N, seed=1, as_of="2025-06")


def ending(ensemble: Ensemble, ends: Mapping[str, Sequence[str]]) -> Ensemble:
    """Return the ensemble with all countries waiting in its last month but those that are given."""
    axes = ensemble.axes
    final = np.full(ensemble.final_path.shape, axes.path.index("uncommitted"))
    for code, paths in ends.items():
        final[:, axes.country.index(code)] = [axes.path.index(path) for path in paths]
    on = final[:, :, None] == np.arange(len(axes.path))
    country_path, path_count = ensemble.country_path.copy(), ensemble.path_count.copy()
    country_path[:, :, -1] = on.sum(axis=0)
    path_count[:, -1] = on.sum(axis=1)
    final = final.astype(ensemble.final_path.dtype)
    return replace(ensemble, final_path=final, country_path=country_path, path_count=path_count)


@pytest.fixture(scope="module")
def shown(made: Ensemble) -> Shown:
    a, b = ending(made, NOW), ending(made, BEFORE)
    return Shown(Result(a), Result(b), Comparison(Pair(b, a)))


def test_partners_are_counted_by_kind(shown: Shown) -> None:
    found = partners_by_kind(shown, "us")
    # KOR in all eight futures, JPN in seven; in B KOR in four and JPN in six.
    assert (found.all.mean, found.all.change) == (15 / 8, 15 / 8 - 10 / 8)
    assert (found.with_data_centre.mean, found.with_data_centre.change) == (6 / 8, 2 / 8)
    assert (found.light.mean, found.light.change) == (9 / 8, 3 / 8)
    china = partners_by_kind(shown, "china")
    assert (china.all.mean, china.with_data_centre.mean, china.light.mean) == (10 / 8, 5 / 8, 5 / 8)


def test_a_kind_is_read_from_the_terms() -> None:
    without = run_ensemble(sim.load_scenario("funds-only"), replicates=1, as_of="2025-05")
    offers = [*without.scenario.offers]
    assert "us.infrastructure" in offers
    assert data_centre_offers(without, "us") == []
    assert [offers[o] for o in data_centre_offers(without, "china")] == ["china.infrastructure"]


def test_who_gets_the_places_and_what_moves_in_it(shown: Shown) -> None:
    table = who_gets_the_places(shown, "us").set_index("code")
    assert table.index[0] == "KOR"
    korea = table.loc["KOR"]
    assert (korea["p"], korea["p_before"], korea["difference"]) == (6 / 8, 4 / 8, 2 / 8)
    assert korea["difference_low"] < korea["difference"] < korea["difference_high"]
    assert korea["low"] <= korea["p"] <= korea["high"]
    # A light agreement takes no place, alone or beside another provider's data centre.
    assert table.loc["JPN", "p"] == 0
    assert who_gets_the_places(shown, "china").set_index("code").loc["JPN", "p"] == 5 / 8
    assert (places_held(shown, "us").mean, places_held(shown, "us").change) == (6 / 8, 2 / 8)
    assert "difference" not in who_gets_the_places(Shown(shown.a), "us")
    assert places_in_words(shown.a.scenario, "china") == "China: infrastructure (30 places)"


def test_who_moves_most(shown: Shown) -> None:
    movers = largest_movers(shown, "us")
    assert movers[["code", "p_before", "p", "difference"]].to_numpy().tolist() == [
        ["KOR", 0.5, 1.0, 0.5],
        ["JPN", 0.75, 0.875, 0.125],
    ]
    china = largest_movers(shown, "china").set_index("code")["difference"]
    assert china.to_dict() == {"BRA": 0.625, "JPN": 0.625}


def test_changes_are_those_of_the_comparison(shown: Shown) -> None:
    assert shown.comparison is not None
    table = shown.comparison.countries
    wanted = table[table["outcome"] == "p_committed_us"].reset_index(drop=True)
    found = partner_changes(shown, "us")
    columns = {"p_a": "p_before", "p_b": "p", "country": "code"}
    names = [*found.columns]
    pd.testing.assert_frame_equal(
        found, wanted.rename(columns=columns)[names], check_exact=True, check_dtype=False
    )


def test_who_flips(shown: Shown) -> None:
    # KOR was as likely with the United States as waiting; the first group counts, as on the map.
    assert likeliest_before(shown)["KOR"] == "United States only"
    assert flips(shown)[["code", "before", "p_before", "now", "p"]].to_numpy().tolist() == [
        ["BRA", "Waits", 1.0, "China only", 5 / 8],
        ["JPN", "United States only", 6 / 8, "Two partners", 5 / 8],
    ]
    assert shown.b is not None
    assert flips(replace(shown, a=shown.b)).empty


def test_a_headline_on_a_country_is_its_likeliest_path(shown: Shown) -> None:
    lines = {code: country_headline(shown, code, code) for code in ("KOR", "JPN", "FRA")}
    assert lines == {
        "KOR": "KOR: most likely with the US only by June 2025 (100 %)",
        "JPN": "JPN: most likely with two partners by June 2025 (62 %)",
        "FRA": "FRA: most likely without a partner by June 2025 (100 %)",
    }
    assert endings_in_words(shown, "KOR") == "With the US only 100 % (75 % with a data centre)."
    assert sum(each.p for each in endings(shown, "JPN")) == 1
    said = endings_in_words(shown, "JPN")
    assert said == "With two partners 62 %; with the US only 25 %; without a partner 12 %."


def test_sovereign_ai_is_told_where_it_stands_alone_and_beside_a_partner(made: Ensemble) -> None:
    ends = {
        "FRA": [OWN, f"{LIGHT}_and_{OWN}", f"{LARGE}_and_{OWN}", LARGE, LARGE, LIGHT, LIGHT, LIGHT]
    }
    found = Shown(Result(ending(made, ends)))
    assert endings_in_words(found, "FRA") == (
        "With the US only 88 % (38 % with a data centre and 25 % also with sovereign AI); "
        "with sovereign AI alone 12 %."
    )
    assert path_title(OWN, made.scenario) == "Sovereign AI alone"
    assert title_of_path(OWN, made.scenario) == "sovereign AI alone"
    titles = {group.key: group.title for group in path_groups(made)}
    assert titles[OWN] == "Sovereign AI alone"
    assert "“Sovereign AI alone” is without any provider" in DEFINITIONS


def test_events_and_the_record_have_their_month() -> None:
    shaken = sim.load_scenario("kill-switch")
    a, b = (
        Result(run_ensemble(scenario, replicates=1, as_of="2025-12"))
        for scenario in (shaken, sim.load_scenario("baseline"))
    )
    event = Dated("2025-05", "A court prosecutor loses his e-mail after US sanctions")
    # The one of June 2026 is after the last month.
    assert events_in_view(Shown(a)) == [event]
    both = Shown(a, b)
    assert events_in_view(both) == [replace(event, title=f"{event.title}, only in A")]
    assert events_in_view(both, "B") == []
    korea = dated_record(Shown(b), "KOR")
    assert Dated("2025-10", "on record, signed: United States: infrastructure") in korea
    assert dated_record(Shown(b), "TUV") == []


def test_answers_that_a_scenario_does_not_begin_with_are_told() -> None:
    baseline, today = (sim.load_scenario(name) for name in ("baseline", "today"))
    assert unwritten_in_words(baseline, "ARE") == (
        "On record, and not written into this scenario: signed United States: infrastructure "
        "(May 2025); signed United States: adoption (January 2026)."
    )
    # Of two answers to an offer the later counts.
    assert "withdrew from United States: infrastructure (April 2026)" in unwritten_in_words(
        baseline, "GBR"
    )
    assert "signed United States: infrastructure" not in unwritten_in_words(baseline, "NOR")
    assert unwritten_in_words(baseline, "BRA") == ""
    assert unwritten_in_words(today, "ARE") == ""
