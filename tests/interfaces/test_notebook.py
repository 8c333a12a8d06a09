"""Results show themselves in notebooks: safe HTML, charts that can be saved, no cost before."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from cards import Read, card_of
from experiment.short_sweeps import short_scenario
from explorer.hostile_names import hostile_scenario
from sim.errors import InputError, RunError
from sim.interfaces import pictures
from sim.interfaces.charts import CHARTS, ChartSubject, chart
from sim.interfaces.notebook.card import Card
from sim.interfaces.notebook.cards import CARDS
from sim.interfaces.notebook.figure import Figure
from sim.interfaces.notebook.plotting import charts_of
from sim.notebook.showing import Draws, ShowsItself
from sim.words.wording import number

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small.yaml"
# Public classes that are no results: a Mesa model, a chart, a range of a design, problems.
NO_RESULTS = {"AlignmentModel", "Figure", "Problem", "Spread"}
KINDS = [
    name
    for name in sim.__all__
    if inspect.isclass(found := getattr(sim, name))
    and not issubclass(found, BaseException)
    and name not in NO_RESULTS
]


def small(**changes: float) -> sim.Scenario:
    return sim.load_scenario(SMALL).with_levers(changes)


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(small(), replicates=16, seed=1)


@pytest.fixture(scope="module")
def pair() -> sim.Comparison:
    return sim.compare(small(), small(local_control=0.9), replicates=16, seed=1)


@pytest.fixture(scope="module")
def shown(
    run: sim.Result, pair: sim.Comparison, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Something of nearly every kind, by the name of its class.

    Tests of estimations and backtests, which take longer, look at theirs.
    """
    root = tmp_path_factory.mktemp("results")
    axes: dict[str, list[float]] = {
        "local_control": [0.1, 0.3, 0.5, 0.7, 0.9],
        "parameters.w_waiting": [0.5, 1.0, 1.5, 2.0, 3.0],
    }
    design = sim.Design.grid(axes)
    sweep = sim.sweep(short_scenario(), design, 8, out=root)
    morris = sim.sweep(
        short_scenario(), sim.Design.morris({"local_control": (0.1, 0.9)}, 4), 8, out=root
    )
    stored = sim.load_run(run.save(root))
    found: list[Any] = [
        small(), design, sim.load_sweep("control-and-linkage"), run, pair, sweep, stored,
        sim.load_run(pair.save(root)), sim.results(root), sim.replay(run.save(root)),
        sim.enough(run), sim.robust(sweep, "n_countries(us)"), sim.sensitivity(morris),
        sim.discover(sweep, "n_countries(us) > 1", resamples=19, boxes=1),
        sim.split(small(), small(local_control=0.9), replicates=8),
        sim.forecast(sim.load_scenario("today"), replicates=8, out=root / "forecasts"),
        sim.verify(only=["shift", "ties"]),
    ]  # fmt: skip
    return {type(each).__name__: each for each in found}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_result_has_a_card(name: str) -> None:
    kind = getattr(sim, name)
    assert issubclass(kind, ShowsItself), f"{name} must build on ShowsItself or Draws"
    assert any(base.__name__ in CARDS for base in kind.__mro__), f"{name} has no line in CARDS"


def test_every_card_belongs_to_a_kind() -> None:
    bases = {base.__name__ for name in KINDS for base in getattr(sim, name).__mro__}
    assert set(CARDS) <= bases


def test_what_is_shown_is_a_card(shown: dict[str, Any]) -> None:
    for name, found in shown.items():
        assert card_of(found), name


def test_the_card_of_a_run_says_what_its_tables_say(run: sim.Result) -> None:
    text = card_of(run)
    totals = run.totals.set_index(["provider", "outcome"])["mean"]
    partners = number(float(totals["us", "n_countries"]))
    assert run.scenario.title in text
    assert f"Partners of the United States by the end of April 2026: {partners} (" in text
    assert f"5 of {len(run.countries)} rows, 6 columns" in text
    assert all(f" {one.name} " in text or f" {one.name}." in text for one in charts_of(run))


def test_a_card_of_names_that_try_to_be_more_than_text(tmp_path: Path) -> None:
    scenario = sim.load_scenario_text(hostile_scenario(), ROOT / "scenarios")
    scenario = scenario.with_changes({"horizon.end": "2026-02"})
    design = sim.Design.grid({"local_control": [0.2]})
    result = sim.simulate(scenario, replicates=8)
    other = scenario.with_levers({"local_control": 0.9})
    for found in (
        scenario,
        result,
        sim.compare(scenario, other, replicates=4),
        sim.sweep(scenario, design, 4, out=tmp_path),
        sim.enough(result),
        sim.split(scenario, other, replicates=4),
    ):
        card_of(found)
    svg = Read(result.plot("uptake").svg)
    assert not {"script", "img", "image", "a", "foreignobject"} & set(svg.tags)
    assert not {name for name in svg.attributes if name.startswith("on")}
    # It is shown, as it was written.
    assert "<script>window.hit=1</script>" in card_of(scenario)


def test_long_tables_are_cut() -> None:
    frame = pd.DataFrame({f"c{k}": range(9) for k in range(10)})
    text = Read(Card("T", ["A", "B", "C", "D"], frame, 12_345, []).html()).text
    assert "5 of 12,345 rows, 8 of 10 columns" in text
    assert "c7" in text
    assert "c8" not in text
    assert "D" not in text.split()


def test_every_kind_that_draws_has_charts_and_draws_the_first(shown: dict[str, Any]) -> None:
    for name, found in shown.items():
        if isinstance(found, Draws):
            figure = found.plot()
            assert figure.name in {one.name for one in charts_of(found)}, name
            assert figure.spec["usermeta"] == {"chart": figure.name}
    assert shown["Comparison"].plot().name == "uptake_difference"
    assert shown["Result"].plot().name == "uptake"


def test_plot_reaches_every_chart_of_a_kind(shown: dict[str, Any]) -> None:
    drawn = {one.name for found in shown.values() for one in charts_of(found)}
    subjects = {CHARTS[name].subject for name in drawn}
    assert {
        ChartSubject.RUN,
        ChartSubject.PAIR,
        ChartSubject.SWEEP,
        ChartSubject.RANKING,
        ChartSubject.SPLIT,
    } <= subjects
    assert {name for name, one in CHARTS.items() if one.subject in subjects} == drawn


def test_choices_choose_the_chart(run: sim.Result) -> None:
    figure = run.plot(country="South Korea")
    assert figure.name == "country_groups"
    assert figure.spec == run.plot("country_groups", country="KOR").spec
    dark = run.plot(is_dark=True)
    assert dark.spec != run.plot().spec


def test_a_figure_says_what_it_is_of(run: sim.Result, pair: sim.Comparison) -> None:
    figure = run.plot("drivers", country="KOR", provider="china")
    title = figure.spec["title"]
    assert title["text"] == figure.title == "What weighs for and against"
    about = "South Korea; China; scenario small, 16 futures to April 2026"
    assert title["subtitle"][0] == about
    assert " ".join(title["subtitle"][1:]) == CHARTS["drivers"].says
    assert "A is small, B is small" in pair.plot().spec["title"]["subtitle"][0]
    # The title has room of its own.
    chart_alone = chart(run, "drivers", country="KOR", provider="china")
    assert figure.spec["height"] >= chart_alone["height"] + 16 * (len(title["subtitle"]) + 1)
    assert not set(figure.spec) - set(chart_alone) - {"title"}


@pytest.mark.parametrize(
    ("name", "choices", "complaint"),
    [
        ("pie", {}, r"there is no chart 'pie' of a Result.\n.*uptake \(Partners over time\)"),
        ("skill", {}, "there is no chart 'skill' of a Result"),
        (None, {"county": "KOR"}, r"no chart of a Result takes county.\n.*drivers: country"),
        (None, {"country": "Atlantis"}, "country = 'Atlantis'"),
        ("drivers", {}, "the chart drivers needs country"),
        ("uptake", {"provider": "mars"}, "provider = 'mars'"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_told(
    run: sim.Result, name: str | None, choices: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        run.plot(name, **choices)


def test_stored_results_are_drawn_from_futures_that_are_simulated_again(
    run: sim.Result, pair: sim.Comparison, shown: dict[str, Any]
) -> None:
    assert shown["StoredRun"].plot().spec == run.plot().spec
    assert shown["StoredComparison"].plot().spec == pair.plot().spec


def test_changed_code_cannot_draw_a_stored_comparison(
    shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.stored.code_digest", lambda: "another")
    with pytest.raises(RunError, match=r"cannot be simulated again\.\n  Compare small and small"):
        shown["StoredComparison"].plot()


BEGINS: dict[str, bytes] = {
    "svg": b"<svg",
    "png": b"\x89PNG",
    "pdf": b"%PDF",
    "html": b"<!DOCTYPE html>",
    "json": b"{",
}


@pytest.mark.parametrize("ending", BEGINS)
def test_a_figure_is_saved_as_its_ending_says(run: sim.Result, tmp_path: Path, ending: str) -> None:
    path = run.plot().save(tmp_path / "new" / f"uptake.{ending}")
    assert path.read_bytes().lstrip().startswith(BEGINS[ending])
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_cannot_be_written_is_told(run: sim.Result, tmp_path: Path) -> None:
    figure = run.plot()
    with pytest.raises(InputError, match=r"cannot be saved as 'x.gif'.\n.*\.svg, \.png, \.pdf"):
        figure.save(tmp_path / "x.gif")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        figure.save(tmp_path / "file" / "x.svg")


def test_a_notebook_shows_a_picture_on_the_colour_of_its_page(run: sim.Result) -> None:
    for is_dark, colour in ((False, "#ffffff"), (True, "#14161a")):
        figure = run.plot(is_dark=is_dark)
        assert isinstance(figure, Figure)
        svg = figure._repr_mimebundle_()["image/svg+xml"]
        assert f'fill="{colour}"' in svg


def test_without_the_renderer_altair_draws(
    run: sim.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "RENDERER", "no_such_renderer")
    figure = run.plot()
    assert isinstance(figure, Figure)
    bundle = figure._repr_mimebundle_()
    assert "vega-lite" in bundle["text/html"]
    assert bundle["text/plain"] == "<Figure uptake: Partners over time>"
    with pytest.raises(RunError, match=r"pip install 'alignsim\[pictures\]'"):
        figure.save(tmp_path / "x.svg")
    assert json.loads(figure.save(tmp_path / "x.json").read_text()) == figure.spec
    # The page then fetches its scripts; it is small.
    assert figure.save(tmp_path / "x.html").stat().st_size < 100_000


def test_a_figure_can_be_changed_with_altair(run: sim.Result) -> None:
    figure = run.plot()
    assert isinstance(figure, Figure)
    assert figure.to_altair().properties(title="Mine").to_dict()["title"] == "Mine"


LOADED = """
import sys
import sim.scenario
print(*sys.modules)
sim.scenario.load_scenario('baseline')._repr_html_()
print(*sys.modules)
"""


def test_nothing_is_imported_before_it_is_needed() -> None:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded, shown = (set(line.split()) for line in done.stdout.splitlines())
    assert "sim.notebook.showing" in loaded
    assert not loaded & {"sim.interfaces", "altair"}
    # A scenario is shown without any analysis, kernel or chart.
    assert "sim.interfaces.notebook.scenarios" in shown
    assert not shown & {"numba", "sklearn", "altair", "sim.analysis", "sim.interfaces.charts"}


def test_no_text_of_a_scenario_ends_the_script_of_a_page(tmp_path: Path) -> None:
    title = "</script><script>alert(1)</script> a < b"
    baseline = sim.load_scenario("baseline")
    hostile = baseline.with_changes({"title": title, "providers.us.linkage": 1.0})
    figure = sim.explain_difference(baseline, hostile, replicates=8).plot()
    assert isinstance(figure, Figure)
    page = figure.save(tmp_path / "it.html").read_text("utf-8")
    assert "<script>alert(1)" not in page
    spec = dict(figure.spec, usermeta={"title": title})
    again = Figure(figure.name, title, figure.says, spec, figure.is_dark)
    page = again.save(tmp_path / "again.html").read_text("utf-8")
    assert "<script>alert(1)" not in page
    assert r"\u003c/script>\u003cscript>alert(1)" in page
    assert "\ue000" not in page
