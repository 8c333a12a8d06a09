"""Every answer of a page says the command and the Python that give it; both give its numbers."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sim
from app_pages import Downloaded, Open, plain
from experiment.short_sweeps import short_scenario
from explorer.small_answers import FEW
from shell import Shell
from sim.analysis.portfolio.choosing import EFFORTS, QUICK
from sim.interfaces.cli.output import records, show_json
from sim.interfaces.explorer.country import requirement
from sim.interfaces.explorer.explore import asking, matters
from sim.interfaces.explorer.sweep import stored as sweep_stored
from sim.interfaces.recipes.recipe import NO_FILE

SIZES: dict[str, Any] = {"replicates": 8, "trajectories": 4, "kept": 2, "points": 8}
MOVED = {"as_of": "2025-09", "a.linkage": "0.8", "belief.w_peer": "2", "seed": "3"}
BOTH = {**MOVED, "b": "baseline", "b.slots": "15"}
COLUMNS = {"c1": "baseline", "c1.linkage": "0.8", "c2": "baseline", "as_of": "2025-09"}
# Page, what its link asks, the button of the answer.
ASKED = {
    "matters": ("explore", {**MOVED, "show.explore.matters": "country"}, "what-matters"),
    "parts": ("explore", {**MOVED, "show.explore.moved": "changes"}, "moved-by-parts"),
    "parts from B": ("explore", {**BOTH, "show.explore.moved": "changes",
                                 "show.explore.group": "EU"}, "moved-by-parts"),
    "reasons": ("explore", {**MOVED, "show.explore.moved": "reasons"}, "moved-by-causes"),
    "portfolio": ("explore", {**MOVED, "show.explore.asking": "compute"}, "asking-countries"),
    "group": ("explore", {**MOVED, "show.explore.group": "EU"}, "groups-partners"),
    "group, A against B": ("explore", {**BOTH, "show.explore.group": "EU"}, "groups-partners"),
    "why": ("country", {**MOVED, "show.country.why": "all", "country": "TUR"}, "TUR-why"),
    "why, in one future": ("country", {**MOVED, "show.country.why": "one",
                                       "show.country.future": "3", "of": "china"}, "KOR-why"),
    "terms": ("country", {**MOVED, "show.country.takes": "it", "country": "NOR"}, "NOR-it-takes"),
    "host": ("country", {**MOVED, "show.country.takes": "host"}, "KOR-host-takes"),
    "each": ("country", {**MOVED, "show.country.takes": "each",
                         "show.country.takes_level": "0.25"}, "KOR-each-takes"),
    "compared parts": ("compare", {**COLUMNS, "show.compare.split": "2"}, "what-moved-the-result"),
    "compared reasons": ("compare", {**COLUMNS, "show.compare.why": "2"}, "why-by-causes"),
}  # fmt: skip
# What a sweep is asked, and the button of the answer.
OF_A_SWEEP = {
    "sensitive": ({}, "sweep-sensitivity"),
    "discover": ({"show.sweep.side": "above", "show.sweep.method": "cart"}, "sweep-boxes"),
    "robust": ({"show.sweep.aim": "less"}, "sweep-settings"),
    "enough": ({"show.sweep.within": "2"}, "sweep-precision"),
}


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "SIZES", SIZES)
    monkeypatch.setitem(EFFORTS, QUICK, FEW)
    monkeypatch.setattr(asking, "FRESH", 8)
    monkeypatch.setattr(requirement, "FUTURES", 16)


@pytest.fixture
def sweep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A finished sweep in the folder of results, of a lever and an uncertainty."""
    waiting = [0.5, 1.0, 1.5, 2.0, 3.0]
    axes = {"local_control": [0.1, 0.3, 0.5, 0.7, 0.9], "parameters.w_waiting": waiting}
    sim.sweep(short_scenario(), sim.Design.grid(axes), 16)
    sweep_stored.finished_sweeps.clear()
    yield
    sweep_stored.finished_sweeps.clear()


def check(
    at: AppTest, name: str, csv: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """Hold what a button says to what the page says; return the words of its command."""
    shown = plain(" ".join(block.value for block in (*at.markdown, *at.caption)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "download_button", _saved)
        at.button(key=f"recipe.{name}").click().run()
    assert not at.exception
    command, python = (block.value for block in at.code)
    scope: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(python, scope)
    answer = scope["answer"]
    assert printed.getvalue().splitlines() == answer.sentences()
    for sentence in answer.sentences():
        assert plain(sentence) in shown
    program, *words = shlex.split(command)
    assert program == "alignsim"
    told = Shell(capsys)(*words, "--json")
    assert told.status == 0, told.err
    with redirect_stdout(io.StringIO()) as own:
        tables = {table.name: records(table.frame) for table in answer.tables()}
        show_json({"sentences": answer.sentences(), **tables})
    assert _named_alike(told.out) == _named_alike(own.getvalue())
    # The page's own table; headers of groups have units besides.
    heads = [str(head).split(" (")[0] for head in csv]
    frames = [table.frame for table in answer.tables() if {*table.frame} <= {*heads}]
    assert any(_numbers(csv.set_axis(heads, axis=1)[[*each]]) == _numbers(each) for each in frames)
    return words


def _named_alike(text: str) -> str:
    """Return a text without what tells the first of two apart if its moves were written down.

    It is a scenario of another name on the command line, and a file, so that there a command can
    share out the change.
    """
    text = re.sub(r' To see which of the changes did it, run: [^"\n]*', "", text)
    return text.replace("baseline-changed", "baseline").replace(" as changed", "")


def _numbers(frame: pd.DataFrame) -> list[list[float]]:
    """Return the columns of numbers of a table; what is missing is -1."""
    return frame.select_dtypes("number").fillna(-1.0).to_numpy(float).T.tolist()


def _saved(*_: Any, file_name: str, data: Any, **__: Any) -> bool:
    """Save the scenario that a panel gives out, where it says."""
    if isinstance(data, bytes):
        (Path("scenarios") / file_name).write_bytes(data)
    return False


@pytest.mark.parametrize("asked", ASKED)
def test_an_answer_is_repeated(
    asked: str, open_page: Open, folder: Path, downloaded: Downloaded,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    page, link, name = ASKED[asked]
    at = open_page(page, **link)
    words = check(at, name, downloaded(name), capsys)
    assert {"--as-of", "--by", "horizon.end=2025-09"} & {*words}


@pytest.mark.parametrize("asked", OF_A_SWEEP)
def test_so_is_that_of_a_finished_sweep(
    asked: str, open_page: Open, sweep: None, downloaded: Downloaded,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    link, name = OF_A_SWEEP[asked]
    own = {"show.sweep.source": "stored", "show.sweep.read": asked, "country": "JPN"}
    about = {"show.sweep.show": "probability:us"} if asked == "enough" else {}
    at = open_page("sweep", **own, **link, **about)
    words = check(at, name, downloaded(name), capsys)
    assert words[1] == next(Path("results").glob("sweeps/*/*")).as_posix()
    assert ("p_committed(JPN, us)" in words) == (asked == "enough")


def test_a_country_over_a_finished_sweep_is_read_from_its_tables(
    open_page: Open, sweep: None, capsys: pytest.CaptureFixture[str], downloaded: Downloaded
) -> None:
    link = {"show.sweep.source": "stored", "show.sweep.show": "probability:us", "country": "JPN"}
    at = open_page("sweep", **link)
    shown = downloaded("sweep")
    at.button(key="quote").click().run()
    command, python = (block.value for block in at.code[-2:])
    *others, query = command.splitlines()
    assert others == [NO_FILE]
    rows = Shell(capsys)(*shlex.split(query)[1:], "--json").data
    (heading,) = (
        name for name in map(str, shown) if name.startswith("Probability that Japan is with the")
    )
    assert [row["p_committed"] for row in rows] == shown[heading].tolist()
    with redirect_stdout(io.StringIO()) as printed:
        exec(python, {})
    assert len(printed.getvalue().splitlines()) == 1 + len(rows)
