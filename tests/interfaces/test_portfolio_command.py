"""The command portfolio: its words, its files, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import sim
from shell import Shell
from sim.analysis.portfolio.choosing import EFFORTS, FULL, QUICK, Effort

FEW = Effort(screened=4, confirmed=8, exchanges=2, draws=2, futures_of_draw=2, paired=2)
FEWER = replace(FEW, screened=2, confirmed=4, draws=1)
SHORT = ("portfolio", "baseline", "--slots", "3", "--as-of", "2026-03", "-n", "8")


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EFFORTS, FULL, FEW)
    monkeypatch.setitem(EFFORTS, QUICK, FEWER)


def test_it_explains_itself(shell: Shell) -> None:
    said = shell("portfolio", "-h")
    assert said.status == 0
    assert "  alignsim portfolio " in said.out
    assert "\n  portfolio " in shell("-h").out


def test_it_says_whom_to_ask_and_writes_tables_and_picture(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "found"
    said = shell(*SHORT, "--objective", "compute", "--megawatts", "2000", "--out", out)
    assert said.status == 0, said.err
    words = " ".join(said.out.split())
    assert "For the most compute by March 2026, the model would have the United States" in words
    assert "On record since May 2025, 7 governments accepted this offer" in words
    assert {path.name for path in out.iterdir()} == {
        "countries.csv", "others.csv", "slots.csv", "limits.csv", "measures.csv", "belonging.csv",
        "pairs.csv", "record.csv", "terms.csv", "search.csv", "datapackage.json",
        "portfolio.vl.json", "portfolio.svg",
    }  # fmt: skip


def test_countries_and_terms_are_read(shell: Shell) -> None:
    said = shell(
        *SHORT, "--include", "Japan; South Korea", "--exclude", "Norway,BRA",
        "--terms", "more=local_control=0.8,fund=600", "--json",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert said.err == ""
    asked = {row["country"] for row in said.data["countries"]}
    assert {"JPN", "KOR"} <= asked
    assert not {"NOR", "BRA"} & {row["country"] for row in said.data["belonging"]}
    assert {row["terms"] for row in said.data["terms"]} == {"as it stands", "more"}
    assert len(said.data["sentences"]) >= 5
    json.dumps(said.data, allow_nan=False)


def test_a_terminal_that_is_none_is_told_what_is_done(shell: Shell) -> None:
    said = shell(*SHORT)
    assert "Comparing sets of countries in up to " in said.err
    assert " futures in " in said.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--offer", "us.adoption"), "open enrolment"),
        (("--offer", "mars.infrastructure"), "is not one of the scenario baseline"),
        (("--slots", "0"), "slots = 0 must be a whole number from 1 to 200"),
        (("--megawatts", "150"), "megawatts = 150 admits nobody"),
        (("--objective", "readines"), "Did you mean 'readiness'?"),
        (("--include", "Holand"), "Did you mean 'NLD' (Netherlands)?"),
        (("--include", "Korea"), "'KOR' (South Korea) or 'PRK' (North Korea)?"),
        (("--terms", "more"), "--terms 'more' must be a name"),
        (("--terms", "more=fund"), "--terms 'more=fund' must be a name"),
        (("--terms", "more=fund=1", "--terms", "more=fund=2"), "--terms more is given twice"),
        (("--terms", "more=fund=99999"), "terms more: lever fund = 99999 must be from 0 to 2000"),
        (("--as-of", "2040-01"), "as_of = 2040-01 must be a month of"),
    ],
    ids=str,
)
def test_wrong_input_is_refused(shell: Shell, options: tuple[str, ...], words: str) -> None:
    said = shell("portfolio", "baseline", *options, "-q")
    assert said.status == 2
    assert words in " ".join(said.err.split())
    assert said.out == ""


def test_a_quick_search_takes_fewer_futures(shell: Shell) -> None:
    said = shell(*SHORT, "--search", "quick", "--json")
    baseline = sim.load_scenario("baseline")
    own = sim.portfolio(baseline, slots=3, as_of="2026-03", replicates=8, search="quick")
    assert own.draws == FEWER.draws
    assert said.data["sentences"] == own.sentences()
    with pytest.raises(sim.InputError, match="search = 'slow' is neither full nor quick"):
        sim.portfolio(baseline, search="slow")
