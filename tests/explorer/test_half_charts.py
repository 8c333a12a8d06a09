"""A chart that is added by half is told of: which one, what is missing, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sim
from explorer.half_charts import (
    EXPLORER,
    flaws,
    flaws_of,
    half_registered,
    not_offered,
    undrawn,
    wrong_about_b,
    wrong_defaults,
)
from sim.interfaces.charts import CHARTS, Chart, ChartSubject, chart
from sim.interfaces.charts.palette import theme
from sim.interfaces.charts.registry import shown_of


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)


def plot_x(*_: Any, provider: str, measure: str = "gold") -> dict[str, Any]:
    """Stand for the function of a chart."""
    return {"provider": provider, "measure": measure}


def plot_of_its_own(*_: Any, colour: str = "red", is_small: bool = False) -> dict[str, Any]:
    """Stand for one with a choice that no other chart has."""
    return {"colour": colour, "is_small": is_small}


X = Chart("x", "An x", "It shows an x.", ChartSubject.RUN, plot_x)
OWN = Chart("of_its_own", "Its own", "It is its own.", ChartSubject.RUN, plot_of_its_own)
Words = tuple[str, ...]


def test_a_whole_entry_passes() -> None:
    assert half_registered({"plot_x": plot_x}, [X]) == []


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([X, X], ("two entries are called x (plot_x and plot_x)", "remove one", "registry.py")),
        (
            [CHARTS["uptake"], replace(CHARTS["capacity"], name="uptake")],
            ("two entries are called uptake (plot_uptake and plot_capacity)", "hides the first"),
        ),
        (
            [CHARTS["uptake"], replace(X, title=CHARTS["uptake"].title)],
            ("x has the title of uptake, 'Partners over time'", "change it in"),
        ),
        ([replace(X, title="")], ("the title of x must be words", "CONTRIBUTING.md")),
        ([replace(X, says="")], ("x must say what it shows", "CONTRIBUTING.md")),
        ([replace(X, says="Says it")], ("x must say what it shows",)),
        ([replace(X, name="y")], ("the function of y must be called plot_y",)),
        ([OWN], ("the choice colour of of_its_own has no check", "charts/choices.py")),
        (
            [replace(X, subject="a dream")],  # type: ignore[arg-type]
            ("x is about 'a dream', which no answer is", "OTHERS of", "definition.py"),
        ),
    ],
)
def test_an_entry_by_half_is_told(entries: list[Chart], words: Words) -> None:
    complaints = half_registered({}, entries)
    for word in words:
        assert word in complaints[0]


def test_a_function_without_an_entry_is_told() -> None:
    (complaint,) = half_registered({"plot_x": plot_x, "plot_z": flaws}, [X])
    assert complaint.startswith("plot_z is not registered: give it an entry in sim/interfaces/")


def test_a_chart_on_no_page_is_told() -> None:
    (complaint,) = undrawn(["uptake"], [CHARTS["uptake"], X])
    assert complaint.startswith("no page draws x: call show_chart('x', ...)")


def test_an_unknown_subject_is_told() -> None:
    subjects: Any = ChartSubject
    with pytest.raises(AttributeError, match=r"no ChartSubject\.RUNS\. Choose one of RUN, PAIR"):
        _ = subjects.RUNS
    assert not hasattr(subjects, "_private")


def test_a_default_that_its_check_refuses_is_told(run: sim.Result) -> None:
    shown = shown_of(run, {})
    assert wrong_defaults(CHARTS["capacity"], shown) == []
    (complaint,) = wrong_defaults(X, shown)
    assert complaint.startswith("the default of a choice of x cannot be drawn: measure = 'gold'")


def test_a_flaw_of_a_specification_is_found(run: sim.Result) -> None:
    spec = chart(run, "uptake")
    assert flaws(spec) == []
    assert flaws(spec | {"description": " "}) == ["no description"]
    assert "Out of range" in flaws(spec | {"data": {"values": [{"mean": float("nan")}]}})[0]
    assert "not Vega-Lite" in flaws(spec | {"layer": [{"mark": "areas"}]})[0]


def drawing(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Chart:
    """Return a chart that changes the specification of partners over time."""
    uptake = CHARTS["uptake"]

    def plot_uptake(shown: Any, theme: Any, *, provider: str, month: str = "") -> dict[str, Any]:
        return change(uptake.plot(shown, theme, provider=provider, month=month))

    return replace(uptake, plot=plot_uptake)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda spec: spec | {"description": ""}, "uptake: no description: correct plot_uptake"),
        (
            lambda spec: {key: spec[key] for key in spec if key != "description"},
            "uptake: no description: correct plot_uptake",
        ),
        (
            lambda spec: spec | {"data": {"values": []}, "layer": [{"mark": "line"}]},
            "uptake: an empty frame: no data has values",
        ),
    ],
)
def test_a_flaw_says_of_which_chart(
    run: sim.Result, change: Callable[[dict[str, Any]], dict[str, Any]], says: str
) -> None:
    for one, expected in ((CHARTS["uptake"], []), (drawing(change), [says])):
        found = flaws_of(one, one.spec(shown_of(run, {}), theme(False), provider="us"))
        assert [each[: len(says)] for each in found] == expected


@pytest.mark.parametrize("has_b", [True, False])
def test_a_wrong_word_about_b_is_told_in_a_line(has_b: bool) -> None:
    one, other = {"data": 1}, {"data": 1 if has_b else 2}
    assert wrong_about_b(replace(X, has_b=not has_b), one, other) == []
    (complaint,) = wrong_about_b(replace(X, has_b=has_b), one, other)
    does = "draws the same with B and without" if has_b else "draws B beside A"
    assert complaint.startswith(
        f"x {does}, but its entry has has_b={has_b}: write has_b={not has_b}"
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("show_chart('x', answer, theme)\n    offer_csv(table)", 2),
        ("drawn = show_chart('x', answer, theme)\n    offer_csv(table)", 2),
        ("offer_csv(table)\n    drawn = [show_chart('x', answer, theme)]", 3),
    ],
)
def test_a_picture_that_is_not_offered_is_told(tmp_path: Path, body: str, line: int) -> None:
    path = tmp_path / EXPLORER / "part.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"def show():\n    {body}\n", "utf-8")
    (complaint,) = not_offered(tmp_path)
    assert complaint.startswith(f"{EXPLORER}/part.py:{line}: the picture of 'x' is not offered: ")
    assert "offer_csv" in complaint


@pytest.mark.parametrize(
    "body",
    [
        "drawn = show_chart('x', answer, theme)\n    offer_csv(table, [drawn])",
        "offer_pictures([show_chart('x', answer, theme)], 'x')",
        "drawn = []\n    drawn.append(show_chart('x', answer))\n    offer_csv(table, drawn)",
        "drawn = []\n    drawn += [show_chart('x', answer)]\n    offer_csv(table, drawn)",
        "return show_chart('x', answer, theme)",
    ],
)
def test_a_picture_that_is_offered_passes(tmp_path: Path, body: str) -> None:
    path = tmp_path / EXPLORER / "part.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"def show():\n    {body}\n", "utf-8")
    assert not_offered(tmp_path) == []
