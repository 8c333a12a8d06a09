"""Every chart of the registry draws what is real, is sound Vega-Lite, and stands on a page."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from app_pages import Open, plain
from experiment.short_sweeps import short_scenario
from explorer.half_charts import (
    HOW_TO,
    flaws_of,
    half_registered,
    not_offered,
    undrawn,
    wrong_about_b,
    wrong_defaults,
)
from explorer.small_answers import FEW, small_answers
from sim.analysis.evidence import Evidence, load_evidence
from sim.analysis.portfolio.choosing import EFFORTS, QUICK
from sim.errors import InputError
from sim.interfaces import charts
from sim.interfaces.charts import CHARTS, Chart, ChartSubject, chart
from sim.interfaces.charts.palette import DARK_THEME
from sim.interfaces.charts.registry import ENTRIES, shown_of
from sim.interfaces.explorer.sweep import stored as sweep_stored
from sim.words.wording import number

FOLDER = Path(charts.__file__).parent
# A value for every choice that a chart cannot be drawn without.
NEEDED = {"country": "TUR", "provider": "china"}
ADDRESS = "providers.us.offers.infrastructure.exclusivity"
PAGES = [
    ("explore", {"a": "baseline", "b": "third-way"}),
    ("country", {"country": "TUR", "show__country__why": "one"}),
    *(
        ("country", {"country": "NOR", "as_of": "2025-07", "show__country__takes": question})
        for question in ("it", "host", "each")
    ),
    (
        "explore",
        {"as_of": "2026-01", "show__explore__asking": "partners", "show__explore__groups": "gdp"},
    ),
    ("sweep", {"show__sweep__x": "linkage,0,1,3", "show__sweep__y": "local_control,0,1,3"}),
    ("sweep", {"show__sweep__x": "linkage,0,1,3", "show__sweep__y": "none"}),
    *(
        ("sweep", {"show__sweep__source": "stored", "show__sweep__read": question})
        for question in ("discover", "robust", "enough", "sensitive")
    ),
    (
        "compare",
        {
            "c1": "baseline",
            "c2": "baseline",
            "c2__linkage": "1",
            "show__compare__split": "2",
            "show__compare__why": "2",
        },
    ),
    ("evidence", {}),
]
BOTH = pytest.mark.parametrize("is_dark", [True, False], ids=["dark", "light"])
EVERY = pytest.mark.parametrize("name", CHARTS)


@pytest.fixture(scope="module")
def pair() -> sim.Comparison:
    a, b = (sim.load_scenario(name) for name in ("third-way", "baseline"))
    return sim.compare(a, b, replicates=24, seed=1)


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=24, seed=1)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    design = sim.Design.grid({"local_control": [0.2, 0.6], ADDRESS: [0, 0.5, 1]})
    return sim.sweep(short_scenario(), design, 8, out=tmp_path_factory.mktemp("grid"))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    design = sim.Design.grid({"local_control": [0.2, 0.4, 0.6]})
    return sim.sweep(short_scenario(), design, 8, out=tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    axes: dict[str, list[float]] = {
        "local_control": [0.1, 0.3, 0.5, 0.7, 0.9],
        "parameters.w_waiting": [0.5, 1.0, 1.5, 2.0, 3.0],
    }
    root = tmp_path_factory.mktemp("worlds")
    return sim.sweep(short_scenario(), sim.Design.grid(axes), 8, out=root)


@pytest.fixture(scope="module")
def morris(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    ranges = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.0)}
    root = tmp_path_factory.mktemp("morris")
    return sim.sweep(short_scenario(), sim.Design.morris(ranges, 4), 8, out=root)


@pytest.fixture(scope="module")
def answers(run: sim.Result) -> dict[ChartSubject, list[Any]]:
    return small_answers(run)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def results(
    run: sim.Result,
    pair: sim.Comparison,
    grid: sim.StoredSweep,
    line: sim.StoredSweep,
    worlds: sim.StoredSweep,
    morris: sim.StoredSweep,
    answers: dict[ChartSubject, list[Any]],
    evidence: Evidence,
) -> Callable[[Chart], list[Any]]:
    """Return what a chart must be able to draw."""
    of_subject: dict[ChartSubject, list[Any]] = {
        ChartSubject.RUN: [run, pair],
        ChartSubject.PAIR: [pair],
        ChartSubject.SWEEP: [grid, line],
        ChartSubject.EVIDENCE: [evidence],
        ChartSubject.DISCOVERY: [
            sim.discover(worlds, "n_countries(us) > 1", resamples=19, method=method)
            for method in ("prim", "cart")
        ],
        ChartSubject.ROBUSTNESS: [sim.robust(worlds, "n_countries(us)", cost="local_control")],
        ChartSubject.RANKING: [sim.sensitivity(worlds, "n_countries(us)"), sim.sensitivity(morris)],
        ChartSubject.PRECISION: [sim.enough(worlds), sim.enough(run), sim.enough(pair)],
        **answers,
    }

    def found(one: Chart) -> list[Any]:
        # A grid needs two numbers that vary.
        assert one.subject in of_subject, (
            f"{one.name} is about {one.subject!r}, of which there is no example: give one in "
            f"small_answers of tests/explorer/small_answers.py; {HOW_TO}"
        )
        is_of_two = one.subject is ChartSubject.SWEEP and "up" in one.choices
        return [each for each in of_subject[one.subject] if not (is_of_two and each is line)]

    return found


def needed(one: Chart) -> dict[str, Any]:
    names = [name for name, is_needed in one.choices.items() if is_needed]
    unknown = [name for name in names if name not in NEEDED]
    assert not unknown, f"{one.name} needs {unknown}: give each a value in NEEDED, of this file"
    return {name: NEEDED[name] for name in names}


def nothing_is_told(complaints: list[str]) -> None:
    # In full: pytest would shorten a list.
    assert not complaints, "\n".join(complaints)


def plots_of_the_folder() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for path in FOLDER.rglob("*.py"):
        name = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        module = importlib.import_module(f"{charts.__name__}.{name}")
        for name, value in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("plot_"):
                found[name] = value
    return found


@EVERY
@BOTH
def test_it_draws_what_is_real(
    name: str, is_dark: bool, results: Callable[[Chart], list[Any]]
) -> None:
    one = CHARTS[name]
    for result in results(one):
        spec = chart(result, name, is_dark=is_dark, **needed(one))
        nothing_is_told(flaws_of(one, spec))
        nothing_is_told(wrong_defaults(one, shown_of(result, {})))
        assert spec["usermeta"] == {"chart": name}
        text = json.dumps(spec)
        assert (DARK_THEME.soft in text or DARK_THEME.ink in text) == is_dark, (
            f"{name} has colours of another theme than it is given: take them from theme; {HOW_TO}"
        )


@pytest.mark.parametrize("name", [n for n in CHARTS if CHARTS[n].subject is ChartSubject.RUN])
def test_it_says_whether_it_draws_b(name: str, run: sim.Result, pair: sim.Comparison) -> None:
    one = CHARTS[name]
    # A of the pair is the run itself.
    alone, beside = (chart(result, name, **needed(one)) for result in (run, pair))
    nothing_is_told(wrong_about_b(one, alone, beside))


def test_no_chart_is_registered_by_half() -> None:
    nothing_is_told(half_registered(plots_of_the_folder(), ENTRIES))


def test_the_picture_of_every_chart_is_offered() -> None:
    nothing_is_told(not_offered(Path(__file__).parents[2]))


def test_every_chart_stands_on_a_page(
    open_page: Open, worlds: sim.StoredSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_stored, "RESULTS", worlds.path.parents[2])
    monkeypatch.setitem(EFFORTS, QUICK, FEW)
    sweep_stored.finished_sweeps.clear()
    drawn = {
        json.loads(each.proto.spec)["usermeta"]["chart"]
        for page, link in PAGES
        for each in open_page(page, **link).get("vega_lite_chart")
    }
    nothing_is_told(undrawn(drawn, ENTRIES))


def test_charts_load_no_page() -> None:
    code = "import sys, sim.interfaces.charts; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_of_a_comparison_a_is_the_second(pair: sim.Comparison, run: sim.Result) -> None:
    beside, alone = chart(pair, "uptake"), chart(run, "uptake")
    assert beside["data"] == alone["data"]
    (own,) = [layer for layer in beside["layer"] if layer["mark"].get("strokeDash")]
    a, b = (each["data"]["values"][-1]["mean"] for each in (beside, own))
    last = chart(pair, "uptake_difference")["data"]["values"][-1]
    assert last["mean"] == pytest.approx(a - b)


def test_a_grid_of_a_sweep_is_chosen_by_name(grid: sim.StoredSweep) -> None:
    spec = chart(grid, "sweep_grid", measure="us::contracted_mw", across="local_control")
    cells = {(cell["x"], cell["y"]) for cell in spec["data"]["values"]}
    assert cells == {(x, y) for x in ("0.2", "0.6") for y in ("0", "0.5", "1")}
    rows = grid.outcomes[grid.outcomes["outcome"] == "contracted_mw"]
    rows = rows[(rows["provider"] == "us") & (rows["offer"].fillna("") == "")].set_index("point")
    labels = {cell["point"]: plain(cell["label"]) for cell in spec["data"]["values"]}
    assert labels == {point: number(rows["mean"][point]) for point in labels}


def test_only_the_points_of_a_line_are_joined(grid: sim.StoredSweep, line: sim.StoredSweep) -> None:
    def marks(found: sim.StoredSweep) -> list[str]:
        return [layer["mark"]["type"] for layer in chart(found, "sweep_line")["layer"]]

    assert "line" in marks(line)
    assert "line" not in marks(grid)


def test_what_is_held_in_a_sweep_of_three(tmp_path: Path) -> None:
    linkage = "providers.us.linkage"
    design = sim.Design.grid({"local_control": [0.2, 0.6], ADDRESS: [0, 1], linkage: [0.1, 0.9]})
    found = sim.sweep(short_scenario(), design, 4, out=tmp_path)
    for held, expected in ((None, 0.1), ({linkage: 0.9}, 0.9)):
        spec = chart(found, "sweep_grid", across="local_control", up=ADDRESS, held=held)
        drawn = [cell["point"] for cell in spec["data"]["values"]]
        assert len(drawn) == 4
        points = found.points.set_index("point")
        assert set(points.loc[drawn, linkage]) == {expected}


def test_a_box_that_was_not_searched_is_told(worlds: sim.StoredSweep) -> None:
    found = sim.discover(worlds, "n_countries(us) > 1", resamples=19, boxes=1)
    with pytest.raises(InputError, match=r"box = 2 is not a box of this search.\n.*one of 1"):
        chart(found, "peeling", box=2)
    with pytest.raises(InputError, match="needs where a condition holds"):
        chart(worlds, "peeling")


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("run", "pie", {}, "there is no chart 'pie'.*Choose one of country_groups, uptake"),
    ("run", "uptake_difference", {}, "needs two runs that are compared, not a run"),
    ("run", "sweep_grid", {}, "needs a finished sweep, not a run"),
    ("grid", "uptake", {}, "needs a run, not a finished sweep"),
    ("run", "drivers", {}, "needs country.*Give country="),
    ("run", "uptake", {"county": "BRA"}, "no choice county.*It has provider"),
    ("run", "uptake", {"provider": "mars"}, "provider = 'mars'.*us, china"),
    ("run", "country_paths", {"country": "BR"}, "country = 'BR' is not the ISO3 code"),
    ("run", "country_paths", {"country": "USA"}, "United States is the home of the provider"),
    ("run", "country_paths", {"country": "BRA", "side": "B"}, "side = 'B'.*Choose one of A"),
    ("run", "capacity", {"measure": "gold"}, "measure = 'gold'.*slots, contracted"),
    ("grid", "sweep_grid", {"across": "fund"}, "across = 'fund'.*local_control"),
    ("grid", "sweep_grid", {"across": ADDRESS, "up": ADDRESS}, "both .*exclusivity"),
    ("grid", "sweep_grid", {"held": {"fund": 1}}, "held = 'fund'.*local_control"),
    ("grid", "sweep_grid", {"held": {ADDRESS: 0.7}}, "no points with .* = 0.7.*0, 0.5, 1"),
    ("grid", "sweep_grid", {"measure": "us::gold"}, "measure = 'us::gold'.*us::n_countries"),
    ("grid", "sweep_line", {"measure": "probability:us"}, "country = ''.*ISO3"),
    ("line", "sweep_grid", {}, "needs a grid over two numbers.*sweep_line"),
    ("run", "skill", {}, "needs the evidence, not a run"),
    ("evidence", "uptake", {}, "needs a run, not the evidence"),
    ("evidence", "skill", {"score": "luck"}, "score = 'luck'.*auc, log_score_at_count"),
    ("evidence", "programme_uptake", {"programme": "moon"}, "programme = 'moon'.*openai-for-count"),
]


@pytest.mark.parametrize(("result", "name", "choices", "says"), WRONG)
def test_what_cannot_be_drawn_is_told(
    result: str, name: str, choices: dict[str, Any], says: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(InputError, match=re.compile(says, re.DOTALL)):
        chart(request.getfixturevalue(result), name, **choices)


def test_what_holds_no_futures_is_told(run: sim.Result, tmp_path: Path) -> None:
    stored: Any = sim.load_run(run.save(tmp_path))
    with pytest.raises(InputError, match=r"stored results do not hold.*\s.*sim\.simulate"):
        chart(stored, "uptake")
    frame: Any = run.countries
    with pytest.raises(InputError, match="not a DataFrame"):
        chart(frame, "uptake")
