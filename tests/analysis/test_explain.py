"""One choice explained: asked or not, taken up or not, its reasons, what would have changed it."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.explanation.one_future.asking import REFUSED
from sim.analysis.explanation.one_future.flips import LeverFlip, lever_step, scenario_with
from sim.analysis.explanation.one_future.grounds import Ground, grounds_of_terms
from sim.analysis.explanation.one_future.in_future import WhyInFuture
from sim.model.layout import NEVER
from sim.model.mechanism.terms import TERM_NAMES
from sim.model.mesa_model import AlignmentModel
from sim.model.tracing import FollowedFutures
from sim.model.world.building import Built, build_world


@functools.cache
def scenario() -> sim.Scenario:
    return sim.load_scenario("baseline")


@functools.cache
def why(country: str, replicate: int, month: str | None = None, **asked: Any) -> WhyInFuture:
    found = sim.explain(scenario(), country, month, replicate, **asked)
    assert isinstance(found, WhyInFuture)
    return found


# Countries and futures with choices of different kinds: signing, staying, no review.
CASES = [("KAZ", 3, None), ("KOR", 0, None), ("GBR", 1, None), ("BRA", 2, "2027-03")]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_told_adds_up(case: tuple[str, int, str | None]) -> None:
    found = why(*case)
    weighed = found.weighed
    for k in range(len(found.built.axes.path)):
        total = 0.0
        for value in weighed.term[k].tolist():
            total += value
        assert total == weighed.value[k]
    frame = found.frame("terms")
    sums = frame.groupby("path", sort=False)["value"].sum()
    paths = found.frame("paths").set_index("path")
    np.testing.assert_allclose(sums, paths["value"].loc[sums.index], atol=1e-3)
    if weighed.runner_up is not None:
        gap = weighed.value[weighed.preferred] - weighed.value[weighed.runner_up]
        luck = weighed.luck[weighed.preferred] - weighed.luck[weighed.runner_up]
        assert weighed.margin == pytest.approx(gap + luck)
        assert weighed.margin >= 0.0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_choice_is_that_of_the_run(case: tuple[str, int, str | None]) -> None:
    found = why(*case)
    weighed = found.weighed
    assert weighed.replicate == case[1]
    trace = FollowedFutures(found.built, 1, [case[1]]).trace(0, [weighed.i])
    chosen = int(trace.intention[weighed.t, 0])
    assert weighed.choice == (chosen if chosen != NEVER else trace.path[weighed.t, weighed.i])
    if found.chosen_by == "signature":
        assert weighed.choice != weighed.present
        held = trace.path[: weighed.t + 1, weighed.i]
        assert set(found.weighed.offers_of(weighed.choice)) - {
            o for path in held for o in weighed.offers_of(int(path))
        }


# A lever that flips --------------------------------------------------------------------------


# Countries that sign early in future 0: what changes their choice is of different kinds.
EARLY = ("GBR", "PAK", "JPN", "DZA")


def early(country: str) -> WhyInFuture:
    return why(country, 0)


def changed_by(country: str, flip: LeverFlip, value: float) -> sim.Scenario:
    month = early(country).weighed.month
    return scenario_with(scenario(), month, flip.address, value, "As explained")


def path_of_run(country: str, flip: LeverFlip, value: float) -> str:
    """Return where the country is at the end of the month in a run with the event."""
    found = early(country)
    run = sim.simulate(changed_by(country, flip, value), 1, seed=1, as_of=found.weighed.month)
    return run.ensemble.axes.path[int(run.ensemble.final_path[0, found.weighed.i])]


def path_of_model(country: str, flip: LeverFlip, value: float) -> str:
    """Return what the country chooses in the month in the Mesa model with the event."""
    weighed = early(country).weighed
    model = AlignmentModel(changed_by(country, flip, value), 1, 0)
    for _ in range(weighed.t + 1):
        model.step()
    return str(next(each for each in model.countries if each.iso3 == country).path)


@pytest.mark.parametrize("country", EARLY)
def test_a_lever_really_flips_and_a_little_less_does_not(country: str) -> None:
    found = early(country)
    axes = found.built.axes
    flips = [flip for flip in found.flips.levers if flip.flips_at is not None]
    assert flips
    for flip in flips:
        assert flip.flips_at is not None
        assert flip.choice is not None
        lever = scenario().levers[flip.name]
        assert lever.low <= flip.flips_at <= lever.high
        assert abs(flip.flips_at - flip.nearest_kept) <= lever_step(lever) + 1e-9
        now = axes.path[found.weighed.choice]
        assert axes.path[flip.choice] != now
        assert path_of_run(country, flip, flip.flips_at) == axes.path[flip.choice]
        assert path_of_run(country, flip, flip.nearest_kept) == now


def test_the_mesa_model_flips_too() -> None:
    found = early("GBR")
    flip = found.flips.levers[0]
    axes = found.built.axes
    assert flip.flips_at is not None
    assert flip.choice is not None
    assert path_of_model("GBR", flip, flip.flips_at) == axes.path[flip.choice]
    assert path_of_model("GBR", flip, flip.nearest_kept) == axes.path[found.weighed.choice]


@pytest.mark.parametrize("seed", [2, 3])
def test_in_futures_of_other_seeds_it_flips_too(seed: int) -> None:
    tried = 0
    for country in ("KOR", "BRA", "SAU", "CHE"):
        found = sim.explain(scenario(), country, replicate=0, seed=seed)
        assert isinstance(found, WhyInFuture)
        for flip in found.flips.levers[:1]:
            if flip.flips_at is None:
                continue
            month = found.weighed.month
            changed = scenario_with(scenario(), month, flip.address, flip.flips_at, "Tried")
            run = sim.simulate(changed, 1, seed=seed, as_of=month).ensemble
            assert run.final_path[0, found.weighed.i] == flip.choice
            tried += 1
    assert tried


def test_some_choice_here_is_flipped_by_a_lever_and_some_by_none() -> None:
    every = [flip for country in EARLY for flip in early(country).flips.levers]
    assert any(flip.flips_at is not None for flip in every)
    assert any(flip.flips_at is None for flip in every)


def test_what_no_event_can_set_is_named() -> None:
    found = why("KOR", 0)
    moved = {flip.name for flip in found.flips.levers}
    assert moved | set(found.flips.fixed) == set(scenario().levers)
    assert all(not scenario().levers[name].target.startswith("providers.")
               for name in found.flips.fixed)  # fmt: skip


def test_what_peers_add_is_their_term() -> None:
    found = why("KAZ", 3)
    path, base = found.against or (0, 0)
    told = sum(peer.adds for peer in found.peers)
    term = found.weighed.reasons(path, base)["peers"]
    assert told == pytest.approx(term, abs=1e-9)


def test_a_list_that_excludes_is_named() -> None:
    listed = why("RUS", 0, "2026-01").asked[0]
    assert (listed.reference, listed.status) == ("us.infrastructure", REFUSED)
    assert "it is on the list of those excluded" in listed.why


# What stands behind a term -------------------------------------------------------------------


def test_every_term_names_what_it_reads() -> None:
    found = grounds_of_terms()
    assert tuple(found) == TERM_NAMES
    assert all(found.values())
    assert set(found["intercept"]) == {Ground("offer", "intercept")}
    assert set(found["waiting"]) == {
        Ground("weight", "w_waiting"), Ground("weight", "waiting_half_life_months"),
    }  # fmt: skip
    assert Ground("country", "readiness") in found["gain"]
    assert Ground("relation", "distrust") in found["sovereignty"]
    assert Ground("provider", "pressure") in found["retaliation"]


def moved(record: np.ndarray, field: str) -> np.ndarray:
    """Return records with one field a little lower, or higher where it is 0; the next tier."""
    found = record.copy()
    lower = np.where(found[field] > 0.0, 0.9 * found[field], 0.1)
    found[field] = found[field] % 3 + 1 if field == "chip_tier" else lower
    return found


def terms_at_start(built: Built) -> np.ndarray:
    """Return the terms of all countries in the first month, (n, K, terms)."""
    trace = FollowedFutures(built, 1, [0]).trace(0, range(len(built.axes.country)), 1)
    return np.asarray(trace.term[0])


# What acts later: what a month has not yet brought, and whom nobody has left or joined.
LATER = {
    "tau_signed", "tau_building", "tau_live", "switching_within_provider", "slots",
    "concession_step", "concession_limit", "concern_half_life_months", "concern_spill",
    "reversal_shock", "w_peer", "waiting_half_life_months",
}  # fmt: skip


def test_only_terms_that_name_a_number_or_a_fact_change_with_it() -> None:
    weighs = dict.fromkeys(("parameters.w_likeness", "parameters.w_rival"), 0.5)
    every = scenario().with_changes({"estimated": None, **weighs})
    built = build_world(every)
    fixed = replace(built.numbers, address=(), distribution=(), bounds=(), is_whole=(), rows=())
    built = replace(built, numbers=fixed)
    before, named = terms_at_start(built), grounds_of_terms()
    records = {
        "weight": built.weight, "offer": built.offer, "provider": built.provider,
        "country": built.world.country, "relation": built.world.relation,
    }  # fmt: skip
    silent = set()
    for record, values in records.items():
        for field in values.dtype.names or ():
            if field in ("initial_path", "open_enrolment", "home_takes_part"):
                continue
            part: dict[str, Any] = {record: moved(values, field)}
            is_fact = record in ("country", "relation")
            other = replace(built, **({"world": built.world._replace(**part)} if is_fact else part))
            has_moved = (terms_at_start(other) != before).any(axis=(0, 1))
            for term in np.array(TERM_NAMES)[has_moved]:
                assert Ground(record, field) in named[term], (term, record, field)
            if not has_moved.any() and any(Ground(record, field) in g for g in named.values()):
                silent.add(field)
    assert silent <= LATER


def test_facts_and_numbers_have_values_and_sources() -> None:
    found = why("KOR", 0)
    numbers = found.frame("numbers")
    assert (numbers["source"].str.len() > 0).all()
    targets = {lever.target: name for name, lever in scenario().levers.items()}
    moved_by = numbers["address"].map(targets).fillna("")
    assert (numbers["lever"].fillna("") == moved_by).all()
    assert (numbers["lever"] != "").any()
    assert set(numbers["term"]) == set(TERM_NAMES)
    facts = found.frame("facts")
    assert set(facts["kind"]) == {"feature", "fact", "peer"}
    on_record = facts[facts["kind"] == "fact"]
    assert (on_record["source"].str.len() > 0).all()
    gdp = on_record[on_record["name"] == "gdp_usd"].iloc[0]
    assert gdp["year"] != ""
    assert float(gdp["value"]) == found.built.facts.countries.loc["KOR", "gdp_usd"]
    towards = facts[(facts["term"] == "affinity") & (facts["kind"] == "feature")]
    assert set(towards["towards"]) <= {"us", "china"}


# Words, files, errors ------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_first_two_sentences_can_be_quoted(case: tuple[str, int, str | None]) -> None:
    first, second, *rest = why(*case).sentences()
    assert first.startswith(f"In one future of the model, number {case[1]}, ")
    for sentence in (first, second):
        assert not {"utility", "replicate", "term"} & set(sentence.lower().split())
        assert sentence.endswith(".")
    assert len(rest) >= 3


def test_the_month_is_said_and_may_be_given() -> None:
    found = why("KOR", 0)
    assert found.chosen_by in ("signature", "last")
    given = why("KOR", 0, found.weighed.month)
    assert given.chosen_by == "given"
    assert given.sentences()[0] == found.sentences()[0]


def test_a_run_is_explained_as_its_scenario() -> None:
    run = sim.simulate(scenario(), replicates=4, seed=1)
    assert sim.explain(run, "KAZ", replicate=3).sentences() == why("KAZ", 3).sentences()
    with pytest.raises(sim.InputError, match=r"replicate = 4 must be a whole number from 0 to 3"):
        sim.explain(run, "KAZ", replicate=4)
    with pytest.raises(sim.InputError, match=r"seed = 2: the run of baseline has seed 1"):
        sim.explain(run, "KAZ", replicate=0, seed=2)


def test_an_earlier_end_is_an_earlier_end() -> None:
    found = sim.explain(scenario(), "BRA", replicate=2, as_of="2026-01")
    assert isinstance(found, WhyInFuture)
    assert found.built.axes.month[-1] == "2026-01"
    assert found.weighed.month <= "2026-01"


def test_tables_are_written(tmp_path: Path) -> None:
    folder = why("KAZ", 3).write(tmp_path / "why")
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {"paths", "terms", "asked", "numbers", "facts", "peers", "flips"}
    assert len(pd.read_csv(folder / "flips.csv")) == len(why("KAZ", 3).frame("flips"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"country": "Brasilia"}, "Brasilia.* is not a country of the data"),
        ({"country": "Norwya"}, r"(?s)Norwya.*Did you mean 'NOR' \(Norway\)\?"),
        ({"country": "USA"}, "takes no part in the scenario baseline: it is home to provider us"),
        ({"country": "HKG"}, "takes no part in the scenario baseline: countries.exclude"),
        ({"month": "2031-01"}, "month = 2031-01 is outside the months of baseline, 2025-05 to"),
        ({"month": 3}, "month = 3 is outside the months"),
        ({"replicate": -1}, "replicate = -1 must be a whole number from 0 to 999999"),
        ({"replicate": 1.5}, "replicate = 1.5 must be a whole number"),
        ({"provider": "russia"}, "(?s)'russia' is not a provider.*Choose one of us, china"),
        ({"offer": "us.assistant"}, "(?s)'us.assistant' is not an offer of.*Did you mean|Known"),
        ({"as_of": "2040-01"}, "as_of = 2040-01 must be a month of"),
        ({"run": "baseline"}, "'baseline' is neither a scenario nor a run"),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(asked: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"run": scenario(), "country": "KOR", "replicate": 0} | asked
    with pytest.raises(sim.InputError, match=words):
        sim.explain(given.pop("run"), given.pop("country"), **given)
