"""Forecasts: odds that are those of runs, and ledgers that are never overwritten."""

from __future__ import annotations

import codecs
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.forecasts import ledger as ledgers
from sim.analysis.forecasts.ledger import Ledger, read_ledger, read_ledgers
from sim.analysis.forecasts.probabilities import forecast_span
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.intervals import NORMAL_95
from sim.experiment.store.manifest import sealed
from sim.scenario import Scenario, scenario_from_dict

FUTURES = 40
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return sim.forecast(replicates=FUTURES, seed=3, out=tmp_path_factory.mktemp("today"))


@pytest.fixture
def copy(frozen: Ledger, tmp_path: Path) -> Path:
    """A copy of a ledger that a test may damage: the path of its table."""
    for suffix in (".csv", ".json"):
        shutil.copy(frozen.path.with_suffix(suffix), tmp_path)
    return tmp_path / frozen.path.name


@pytest.mark.parametrize("by_month", ["2027-05", "2027-11", "2028-11"])
def test_the_odds_are_those_of_a_run_up_to_that_month(today: Ledger, by_month: str) -> None:
    result = sim.simulate(sim.load_scenario("today"), FUTURES, seed=3, as_of=by_month)
    rows = today.table[today.table["by_month"] == by_month]
    for (provider, offer), found in rows.groupby(["provider", "offer"]):
        name = f"p_ever_signed_{provider}_{offer}"
        expected = result.countries.set_index("country").loc[found["iso3"]]
        p, error = expected[name].to_numpy(), expected[f"{name}_se_chance"].to_numpy()
        np.testing.assert_array_equal(found["p_signed"], p)
        # Six digits of each.
        low = np.maximum(p - NORMAL_95 * error, 0)
        high = np.minimum(p + NORMAL_95 * error, 1)
        np.testing.assert_allclose(found["p_signed_chance_low"], low, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found["p_signed_chance_high"], high, rtol=1e-4, atol=1e-5)


def test_there_is_a_row_for_each_country_offer_and_horizon(today: Ledger) -> None:
    scenario = sim.load_scenario("today")
    table = today.table
    key = table[["iso3", "provider", "offer", "months"]]
    assert not key.duplicated().any()
    assert len(table) == len(scenario.agents) * len(scenario.offers) * 3
    assert set(table["from_month"]) == {"2026-11"}
    ends = dict(zip(table["months"], table["by_month"], strict=True))
    assert ends == {6: "2027-05", 12: "2027-11", 24: "2028-11"}
    in_order = table.sort_values(["iso3", "provider", "offer", "months"])["p_signed"]
    assert (np.diff(in_order.to_numpy().reshape(-1, 3), axis=1) >= 0).all()


def test_what_is_on_record_is_marked(today: Ledger) -> None:
    table = today.table[today.table["already_on_record"]]
    made = sim.load_scenario("today").initial.commitments
    expected = {(each.country, *each.offer.split(".")) for each in made}
    assert {*zip(table["iso3"], table["provider"], table["offer"], strict=True)} == expected
    assert (table["p_signed"] == 1).all()


@pytest.mark.parametrize(
    ("name", "changes", "begin", "ends"),
    [
        ("baseline", {}, "2025-04", {6: "2025-10", 12: "2026-04", 24: "2027-04"}),
        ("today", {"horizon.end": "2028-10"}, "2026-11", {6: "2027-05", 12: "2027-11"}),
        # A record up to the first month does not shorten the forecast.
        (
            "today",
            {"initial.as_of": "2026-12", "horizon.end": "2027-05"},
            "2026-11",
            {6: "2027-05"},
        ),
    ],
)
def test_the_span_is_that_of_the_scenario(
    name: str, changes: dict[str, str], begin: str, ends: dict[int, str]
) -> None:
    span = forecast_span(sim.load_scenario(name).with_changes(changes))
    assert (span.from_month, dict(span.by_months)) == (begin, ends)


def test_a_scenario_too_short_for_any_horizon_is_refused(tmp_path: Path) -> None:
    short = sim.load_scenario("today").with_changes({"horizon.end": "2027-04"})
    with pytest.raises(
        sim.InputError, match=r"today ends in 2027-04; .* months up to 2027-05"
    ) as told:
        sim.forecast(short, 4, out=tmp_path / "out")
    assert "Move horizon.end" in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a_ledger_is_named_by_scenario_date_and_digest(frozen: Ledger) -> None:
    content = frozen.path.read_bytes()
    digest = sha256(content)
    date = frozen.origin["frozen_on"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", date)
    assert frozen.path.name == f"small_{date}_{digest[:8]}.csv"
    assert content.startswith(codecs.BOM_UTF8)
    assert frozen.origin["files"][frozen.path.name] == {"bytes": len(content), "sha256": digest}
    assert frozen.is_new
    assert repr(frozen) == f"<Ledger {frozen.name}: {len(frozen.table):,} rows from 40 futures>"


def test_the_origin_says_how_to_make_it_again(frozen: Ledger, tmp_path: Path) -> None:
    origin = json.loads(frozen.path.with_suffix(".json").read_text("utf-8"))
    assert origin["kind"] == "forecast"
    assert {"run_id", "facts_hash", "code_digest", "versions", "manifest_sha256"} <= set(origin)
    assert [field["name"] for field in origin["fields"]] == list(frozen.table.columns)
    scenario = scenario_from_dict(origin["scenarios"][0]["content"])
    again = sim.forecast(scenario, origin["replicates"], origin["seed"], workers=2, out=tmp_path)
    assert again.path.read_bytes() == frozen.path.read_bytes()


def test_the_same_forecast_is_the_same_ledger_also_on_another_day(
    copy: Path, small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in copy.parent.iterdir()}
    monkeypatch.setattr(ledgers, "today", lambda: "2031-01-01")
    again = sim.forecast(small, FUTURES, seed=1, out=copy.parent)
    assert (again.path, again.is_new) == (copy, False)
    assert {path.name: path.read_bytes() for path in copy.parent.iterdir()} == before
    other = sim.forecast(small, FUTURES, seed=2, out=copy.parent)
    assert other.is_new
    assert other.name.startswith("small_2031-01-01_")
    assert [one.name for one in read_ledgers(copy.parent)] == [copy.stem, other.name]


def test_the_same_forecast_is_refused_where_its_ledger_was_altered(
    copy: Path, small: Scenario
) -> None:
    altered = copy.read_bytes() + b"\n"
    copy.write_bytes(altered)
    with pytest.raises(sim.InputError, match="was altered: its SHA-256"):
        sim.forecast(small, FUTURES, seed=1, out=copy.parent)
    assert copy.read_bytes() == altered


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_no_file_is_overwritten(
    frozen: Ledger, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    # A file has come into the place after the folder was searched.
    monkeypatch.setattr(ledgers, "today", lambda: str(frozen.origin["frozen_on"]))
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    taken = tmp_path / frozen.path.with_suffix(suffix).name
    taken.write_text("mine")
    with pytest.raises(sim.RunError, match="cannot write the forecast"):
        sim.forecast(small, FUTURES, seed=1, out=tmp_path)
    assert [*tmp_path.iterdir()] == [taken]
    assert taken.read_text() == "mine"


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def _swap_number(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"2025-10,6,0.", b"2025-10,6,1.", 1))


def _another_seed(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('"seed": 1', '"seed": 2', 1), "utf-8")


def _sealed_without_fields(path: Path) -> None:
    origin = json.loads(path.read_text("utf-8"))
    del origin["fields"], origin["manifest_sha256"]
    path.write_bytes(json_bytes(sealed(origin)))


def _as_run(path: Path) -> None:
    origin = json.loads(path.read_text("utf-8"))
    path.write_bytes(json_bytes(sealed(origin | {"kind": "run"})))


@pytest.mark.parametrize(
    ("suffix", "damage", "words"),
    [
        (".csv", _append, r"\.csv: was altered: its SHA-256 is [0-9a-f]{8}"),
        (".csv", _swap_number, r"\.csv: was altered"),
        (".csv", Path.unlink, r"\.csv: the table of the ledger is missing"),
        (".json", Path.unlink, r"\.json: the origin of the ledger is missing"),
        (".json", _another_seed, r"\.json: was altered since it was written"),
        (".json", _sealed_without_fields, r"\.json: is incomplete, without the entry fields"),
        (".json", _as_run, r"\.json: is not the origin of a forecast"),
        (".json", lambda path: path.write_text("{"), r"\.json: is damaged"),
        (".json", lambda path: path.write_text("[]"), r"\.json: is not the origin"),
    ],
)
def test_a_damaged_ledger_is_refused(copy: Path, suffix: str, damage: object, words: str) -> None:
    read_ledgers(copy.parent)
    damage(copy.with_suffix(suffix))  # type: ignore[operator]
    with pytest.raises(sim.InputError, match=words) as told:
        read_ledgers(copy.parent)
    assert "Restore both files of the ledger" in str(told.value)


def test_a_renamed_ledger_is_refused(copy: Path) -> None:
    for suffix in (".csv", ".json"):
        copy.with_suffix(suffix).rename(copy.with_name(f"other_2020-01-01_00000000{suffix}"))
    with pytest.raises(sim.InputError, match="is not the origin of other_2020-01-01_00000000"):
        read_ledger(copy.with_name("other_2020-01-01_00000000.csv"))


def test_every_damaged_ledger_is_told(copy: Path, small: Scenario) -> None:
    other = sim.forecast(small, 8, seed=5, out=copy.parent)
    for path in (copy, other.path):
        _append(path)
    with pytest.raises(sim.InputError) as told:
        read_ledgers(copy.parent)
    assert {problem.file for problem in told.value.problems} == {str(copy), str(other.path)}


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_a_ledger_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "README.md").write_text("Forecasts.")
    with pytest.raises(sim.InputError, match="there is no ledger in this folder"):
        read_ledgers(tmp_path / name)


def test_a_forecast_asks_for_what_a_run_asks_for(tmp_path: Path) -> None:
    for arguments in ({"scenario": "today"}, {"replicates": 0}, {"seed": -1}, {"out": 3}):
        with pytest.raises(sim.InputError):
            sim.forecast(**({"out": tmp_path / "out"} | arguments))
    assert not (tmp_path / "out").exists()


def test_ledgers_can_be_tracked_and_runs_cannot() -> None:
    def is_ignored(path: str) -> bool:
        command = ["git", "check-ignore", "-q", path]
        return subprocess.run(command, cwd=ROOT, check=False).returncode == 0

    assert not is_ignored("results/forecasts/today_2026-11-28_00000000.csv")
    assert is_ignored("results/today/0123456789abcdef/manifest.json")
