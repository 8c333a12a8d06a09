"""The page Sweep without a browser: run, stop, go on, look, and bring a point into Explore."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

import sim
from app_pages import FEW, Downloaded, Open, follow, plain
from explorer.draft_pages import TWINS
from sim.errors import Problem, ScenarioError
from sim.interfaces.explorer.state.view import pack
from sim.interfaces.explorer.sweep import grid as sweep_grid
from sim.interfaces.explorer.sweep import own as sweep_own
from sim.interfaces.explorer.sweep import stored as sweep_stored
from sim.interfaces.explorer.sweep.grid import Grid, PointStore
from sim.scenario import load_scenario

SMALL = {"show__sweep__x": "linkage,0,1,3", "show__sweep__y": "local_control,0,1,3"}
LINE = {"show__sweep__x": "slots,1,40,3", "show__sweep__y": "none"}


@pytest.fixture(autouse=True)
def _own_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_grid, "POINTS", PointStore())


@pytest.fixture(scope="module")
def small_points() -> PointStore:
    return PointStore()


@pytest.fixture
def whole(open_page: Open, small_points: PointStore, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Open the small grid with all its points, which run once for the tests that look at them."""
    monkeypatch.setattr(sweep_grid, "POINTS", small_points)
    at = open_page("sweep", **SMALL)
    return start(at) if is_unfinished(at) else at


def start(at: AppTest) -> AppTest:
    return at.button(key="sweep.start").click().run()


def is_unfinished(at: AppTest) -> bool:
    return "sweep.start" in {button.key for button in at.button}


def chart(at: AppTest) -> dict[str, Any]:
    (found,) = at.get("vega_lite_chart")
    return dict(json.loads(found.proto.spec))


def drawn(at: AppTest) -> list[dict[str, Any]]:
    """Return the rows behind the chart, which travel beside its specification."""
    (found,) = at.get("vega_lite_chart")
    data = found.proto.data.data or found.proto.datasets[0].data.data
    return list(pa.ipc.open_stream(data).read_all().to_pylist())


def labels(at: AppTest) -> dict[tuple[str, str], str]:
    return {(row["x"], row["y"]): row["label"] for row in drawn(at)}


def test_a_grid_is_run_whole(open_page: Open) -> None:
    at = open_page("sweep", **SMALL)
    assert at.button(key="sweep.start").label == f"Run the grid: 12 points, {FEW} futures each"
    assert set(labels(at).values()) == {""}
    start(at)
    assert not at.exception
    assert not is_unfinished(at)
    found = labels(at)
    assert len(found) == 12
    low, high = (
        plain(at.title[0].value).removeprefix("Partners of the United States: ").split(" to ")
    )
    assert {low, high} <= set(found.values())
    # The more closely tied, the fewer partners; the scenario as it stands is outlined.
    assert float(found["0", "0.35"]) > float(found["1", "0.35"])
    outlined = chart(at)["layer"][3]["transform"][0]["filter"]["oneOf"]
    rows = {row["point"]: (row["x"], row["y"]) for row in drawn(at)}
    assert [rows[point] for point in outlined] == [("0.5", "0.35")]


def test_a_stopped_grid_keeps_its_points_and_goes_on(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Grid.compute

    def breaking(grid: Grid, points: Sequence[int]) -> None:
        for point in points:
            if point == 5:
                raise ScenarioError([Problem("", 0, "no such world.", "Try another.")])
            real(grid, [point])

    monkeypatch.setattr(Grid, "compute", breaking)
    at = start(open_page("sweep", **SMALL))
    assert at.button(key="sweep.start").label.startswith("Continue the grid: 8 points")
    assert "no such world" in at.error[0].value
    assert sum(label != "" for label in labels(at).values()) == 4
    monkeypatch.setattr(Grid, "compute", real)
    # A colleague who opens the link sees what there is, and can go on with it.
    other = open_page("sweep", **SMALL)
    assert sum(label != "" for label in labels(other).values()) == 4
    assert "8 of 12 points" in plain(other.caption[0].value)
    start(other)
    assert "" not in labels(other).values()


def test_stop_ends_the_run(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each slice ends after one point, and the last thing a slice does is ask for the next.
    monkeypatch.setattr(sweep_own, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(sweep_own, "points_together", lambda _: 1)
    seen: list[int] = []
    real = Grid.compute

    def stopping(grid: Grid, points: Sequence[int]) -> None:
        real(grid, points)
        seen.extend(points)
        if len(seen) == 3:
            sweep_own.stop()

    monkeypatch.setattr(Grid, "compute", stopping)
    at = start(open_page("sweep", **SMALL))
    assert seen == [0, 1, 2]
    assert at.button(key="sweep.start").label.startswith("Continue the grid: 10 points")


def test_another_grid_does_not_run_by_itself(open_page: Open) -> None:
    at = start(open_page("sweep", **LINE))
    at.selectbox(key="sweep.x.name").set_value("fund").run()
    assert at.query_params["show.sweep.x"] == "fund,0,2000,5"
    assert at.button(key="sweep.start").label.startswith("Run the grid")


def test_one_lever_makes_a_line(open_page: Open) -> None:
    at = start(open_page("sweep", **LINE, show__sweep__show="probability:us"))
    rows = drawn(at)
    assert [row["x"] for row in rows] == [1, 10, 21, 40]
    assert "Probability that South Korea is with the United States" in plain(at.title[0].value)
    assert {"low", "high"} <= set(rows[0])


def test_a_point_in_explore_shows_the_number_of_its_cell(whole: AppTest) -> None:
    at = whole
    at.selectbox(key="sweep.picked").set_value(1).run()
    assert at.query_params["show.sweep.point"] == "linkage:0,local_control:0"
    shown = labels(at)["0", "0"]
    follow(at, "Open in Explore")
    whole_number = f"{float(shown):.0f}"
    assert plain(at.title[0].value).startswith(f"{whole_number} partners of the US by 2030: ")
    assert (at.query_params["a.linkage"], at.query_params["a.local_control"]) == ("0", "0")
    assert "b" not in at.query_params


def test_a_point_against_the_scenario_as_it_stands(open_page: Open) -> None:
    at = start(open_page("sweep", **SMALL, a__slots="20"))
    at.selectbox(key="sweep.picked").set_value(9).run()
    follow(at, "Against A as it stands")
    assert plain(at.title[0].value).startswith("baseline with 3 levers moved brings")
    assert (at.query_params["b.slots"], at.query_params["a.slots"]) == ("20", "20")
    assert "b.linkage" not in at.query_params


def outlined(at: AppTest) -> list[list[tuple[str, str]]]:
    """Return where each outline of the chart lies: of now, of the start, of what is picked."""
    places = {row["point"]: (row["x"], row["y"]) for row in drawn(at)}
    layers = [layer for layer in chart(at)["layer"] if "transform" in layer]
    return [[places[p] for p in layer["transform"][0]["filter"]["oneOf"]] for layer in layers]


def test_one_cell_is_opened_after_another(whole: AppTest) -> None:
    at = whole
    title, cells = at.title[0].value, labels(at)
    assert outlined(at) == [[("0.5", "0.35")]]
    for cell, place in ((3, ("0", "0.5")), (12, ("1", "1"))):
        at.selectbox(key="sweep.picked").set_value(cell).run()
        follow(at, "Open in Explore")
        assert plain(at.title[0].value).startswith(f"{float(cells[place]):.0f} partners of the US")
        follow(at, "Sweep")
        assert (at.title[0].value, labels(at)) == (title, cells)
        assert at.selectbox(key="sweep.picked").value == cell
        # Where A stands, what it is compared with, and what is picked.
        assert outlined(at) == [[place], [("0.5", "0.35")], [place]]
        assert not is_unfinished(at)
    captions = " ".join(plain(caption.value) for caption in at.caption)
    assert "From Explore, at every point" not in captions
    assert "A with these levers reset: " in captions
    assert "Present value: 1. Reset, it is 0.35." in captions
    follow(at, "Against A with these levers reset")
    assert (at.query_params["a.linkage"], at.query_params["a.local_control"]) == ("1", "1")
    assert at.query_params["b"] == "baseline"
    assert "b.linkage" not in at.query_params


def test_where_a_stands_between_the_steps_stays_in_the_grid(open_page: Open) -> None:
    at = open_page("sweep", **SMALL, a__linkage="0.15")
    places = set(labels(at))
    assert ("0.15", "1") in places
    assert outlined(at)[0] == [("0.15", "0.35")]
    at.selectbox(key="sweep.picked").set_value(1).run()
    follow(at, "Open in Explore")
    assert at.query_params["a.linkage"] == "0"
    follow(at, "Sweep")
    assert set(labels(at)) == places
    assert outlined(at)[0] == [("0", "0")]


def test_what_holds_at_every_point_is_said_in_words(open_page: Open) -> None:
    at = open_page("sweep", **SMALL, a__slots="20", a__linkage="0", belief__w_peer="2")
    captions = [plain(caption.value) for caption in at.caption]
    (line,) = [caption for caption in captions if "at every point" in caption]
    assert "Places in the US infrastructure offer: 20 instead of 10" in line
    assert not re.search("w_peer|linkage|Tie to the US", line)


def test_a_point_that_the_grid_has_not_is_none_of_its_points(open_page: Open) -> None:
    at = open_page("sweep", **SMALL, show__sweep__point="linkage:0,local_control:0.75")
    assert at.selectbox(key="sweep.picked").value is None
    other = open_page("sweep", **SMALL, show__sweep__point="linkage:1,local_control:0.35")
    assert other.selectbox(key="sweep.picked").value == 10


def test_the_file_says_which_row_is_which(whole: AppTest, downloaded: Downloaded) -> None:
    (label,) = [b.proto.label for b in whole.get("download_button") if "CSV" in b.proto.label]
    assert label == "CSV of these 12 points and A as it stands"
    whole.run()
    table = downloaded("sweep")
    assert table["what it is"].tolist() == ["A as it stands", *["varied"] * 12]
    tie = "Tie to the US project and its diplomacy (share)"
    assert sorted(set(table[tie])) == [0, 0.5, 1]


def test_levers_may_be_called_as_columns_and_alike(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page(
        "sweep", a="twins", draft__a=pack(TWINS), show__sweep__x="value,0,100,3",
        show__sweep__y="low,1000,2000,3",
    )  # fmt: skip
    start(at)
    table = downloaded("sweep")
    assert set(table["Size of a data centre (MW) (value)"][1:]) == {0, 50, 100}
    assert set(table["Size of a data centre (MW) (low)"][1:]) == {1000, 1500, 2000}
    assert table["Partners of the United States (countries)"].between(0, 194).all()


def test_a_link_restores_the_view(open_page: Open) -> None:
    link = {
        "a": "twenty-slots", "show.sweep.x": "slots,5,40,7", "show.sweep.y": "none",
        "show.sweep.as": "change", "show.sweep.show": "china::n_countries", "futures": "200",
        "show.sweep.point": "slots:11",
    }  # fmt: skip
    at = open_page("sweep", **{name.replace(".", "__"): value for name, value in link.items()})
    assert at.selectbox(key="sweep.show").value == "china::n_countries"
    assert at.selectbox(key="sweep.x.name").value == "slots"
    assert at.selectbox(key="sweep.picked").value == 2
    assert dict(at.query_params.items()) == link


@pytest.mark.parametrize(
    "link",
    [{"show__sweep__x": "linkage,0,9,5"}, {"show__sweep__y": "linkage,0,1,5"},
     {"show__sweep__show": "nobody::nothing"}, {"show__sweep__point": "linkage:9"},
     {"show__sweep__source": "elsewhere"}, {"show__sweep__open": "..:passwd"},
     {"a": "no-such-scenario"}, {"a__slots": "99"}, {"a": "korea-ties"}],
)  # fmt: skip
def test_odd_links_open(open_page: Open, link: dict[str, str]) -> None:
    at = open_page("sweep", **link)
    assert not at.exception


def test_points_that_break_a_rule_together_are_refused_in_words(open_page: Open) -> None:
    at = open_page(
        "sweep", a="twins", draft__a=pack(TWINS), show__sweep__x="value,0,2000,3",
        show__sweep__y="low,0,2000,3",
    )  # fmt: skip
    assert at.title[0].value == "Sweep"
    message = plain(at.error[0].value)
    assert "(value = 1000, low = 0): " in message
    assert "data_centre_mw_min" in message


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sweep_stored, "RESULTS", tmp_path)
    sweep_stored.finished_sweeps.clear()
    yield tmp_path
    sweep_stored.finished_sweeps.clear()


def test_without_a_stored_sweep_the_page_says_how_to_make_one(
    open_page: Open, stored: Path
) -> None:
    at = open_page("sweep", show__sweep__source="stored")
    assert "alignsim sweep control-and-linkage" in at.info[0].value


def test_a_sweep_of_the_command_line_opens(open_page: Open, stored: Path) -> None:
    grid: dict[str, list[Any]] = {
        "parameters.w_peer": [1.0, 2.0],
        "linkage": [0, 0.5],
        "slots": [10, None],
    }
    found = sim.sweep(load_scenario("baseline"), sim.Design.grid(grid), FEW, 2, stored)
    at = open_page("sweep", show__sweep__source="stored")
    assert at.selectbox(key="sweep.open").value == f"baseline:{found.path.name}"
    own = found.outcomes.query("outcome == 'n_countries' and provider == 'us'")
    # Slots across, w_peer up, linkage held at its first value.
    wanted = own[own["linkage"].eq(0) & own["point"].gt(0)]
    assert len(labels(at)) == len(wanted) == 4
    ten_one = wanted[wanted["slots"].eq(10) & wanted["parameters.w_peer"].eq(1)]["mean"].iloc[0]
    assert labels(at)["10", "1"] == sim_number(ten_one)
    assert ("none", "2") in labels(at)
    at.selectbox(key="sweep.aside.1").set_value(1).run()
    assert at.query_params["show.sweep.aside"] == "1"
    at.selectbox(key="sweep.across").set_value("linkage").run()
    assert {x for x, _ in labels(at)} == {"0", "0.5"}
    at.selectbox(key="sweep.picked").set_value(5).run()
    mean = own[own["point"].eq(5)]["mean"].iloc[0]
    follow(at, "Open in Explore")
    assert plain(at.title[0].value).startswith(f"{mean:,.0f} partners of the US")
    assert at.query_params["belief.w_peer"] == "2"
    assert at.query_params["seed"] == "2"


def sim_number(value: float) -> str:
    from sim.words.wording import number

    return number(value)


def test_scattered_points_are_drawn_as_points(open_page: Open, stored: Path) -> None:
    design = sim.Design.latin_hypercube({"linkage": (0, 1), "parameters.w_peer": (1, 2)}, 5)
    sim.sweep(load_scenario("baseline"), design, 20, 1, stored)
    at = open_page("sweep", show__sweep__source="stored")
    assert len(drawn(at)) == 5
    assert "differ a little" in plain(at.info[0].value)
    at.selectbox(key="sweep.across").set_value("parameters.w_peer").run()
    assert min(row["x"] for row in drawn(at)) >= 1


def test_a_damaged_sweep_is_said_and_nothing_else_breaks(open_page: Open, stored: Path) -> None:
    found = sim.sweep(load_scenario("baseline"), sim.Design.grid({"linkage": [0]}), 8, 1, stored)
    (found.path / "outcomes.parquet").write_bytes(b"junk")
    at = open_page("sweep", show__sweep__source="stored")
    assert "is damaged" in plain(at.error[0].value)


def test_a_sweep_that_is_damaged_while_it_is_open_is_said(open_page: Open, stored: Path) -> None:
    found = sim.sweep(load_scenario("baseline"), sim.Design.grid({"linkage": [0]}), 8, 1, stored)
    at = open_page("sweep", show__sweep__source="stored")
    assert not at.error
    path = found.path / "outcomes.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-99])
    other = at.selectbox(key="sweep.show").options[-1]
    at.selectbox(key="sweep.show").select(other).run()
    assert not at.exception
    assert "outcomes.parquet is not as it was written" in plain(at.error[0].value)
    path.write_bytes(content)
    at.run()
    assert not at.error
    assert not at.exception


def test_one_bad_folder_does_not_take_down_the_list(open_page: Open, stored: Path) -> None:
    found = sim.sweep(load_scenario("baseline"), sim.Design.grid({"linkage": [0]}), 8, 1, stored)
    text = (found.path / "manifest.json").read_text("utf-8")
    for n, bad in enumerate(
        (
            text.replace('"seed": 1', '"seed": Infinity'),
            text.replace('"kind": "sweep"', '"kind": "run"'),
            text.replace('"n_points": 2', '"n_points": [2]'),
            "[" * 5000,
        )
    ):
        assert bad != text
        folder = found.path.with_name(f"{n:016x}")
        folder.mkdir()
        (folder / "manifest.json").write_text(bad, "utf-8")
    at = open_page("sweep", show__sweep__source="stored")
    assert not at.error
    assert [
        f"({found.path.name[:6]})" in option for option in at.selectbox(key="sweep.open").options
    ] == [True]
