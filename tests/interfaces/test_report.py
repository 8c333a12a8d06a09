"""Reports: what is in them, that they are inert, whole and never replaced unasked."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

import sim
from experiment.short_sweeps import short_scenario
from explorer.hostile_names import OUTSIDE, hostile_scenario
from interfaces.report_totals import totals_of
from shell import Shell
from sim.analysis.moved import moved_from_file
from sim.analysis.shown import Shown
from sim.analysis.summary.kinds import partners_by_kind
from sim.errors import InputError, RunError
from sim.interfaces import pictures
from sim.interfaces.generated.reports import EXAMPLES, FOLDER, origin
from sim.interfaces.report.page import text
from sim.interfaces.report.workbook import ABOUT, DICTIONARY

ROOT = Path(__file__).parents[2]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ORDER = [
    "question", "answer", "map", "uptake", "countries", "drivers", "assumptions", "sensitivity",
    "skill", "limits", "reproduce", "cite", "all",
]  # fmt: skip


class Read(HTMLParser):
    """What a browser finds in a report."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u2212", "-").replace("\xa0", " ").split())


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=24, seed=3)


@pytest.fixture(scope="module")
def made(run: sim.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report of a run."""
    return sim.report(run, tmp_path_factory.mktemp("report"), country="Brazil").parent


@pytest.fixture(scope="module")
def found(made: Path) -> Read:
    return Read((made / "report.html").read_text("utf-8"))


def check_page(found: Read, html: str) -> None:
    """Check what holds for every report: no script, nothing from outside, a sound outline."""
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    assert not any(key.startswith("on") for _, given in found.tags for key in given)
    for _, given in found.tags:
        assert not {"src", "srcset", "data"} & {*given}
        assert str(given.get("href", "#")).startswith(("#", "http"))
    assert not re.findall(r"url\((?!#)", html)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    keys = [given["id"] for _, given in found.tags if "id" in given]
    assert len(keys) == len(set(keys))
    assert {str(a["href"])[1:] for a in found.all("a") if str(a["href"]).startswith("#")} <= {*keys}
    assert found.all("html")[0]["lang"] == "en"
    assert {"header", "main", "nav", "footer"} <= names
    assert all(given.get("scope") in ("col", "row") for given in found.all("th"))
    pictures_shown = [given for given in found.all("div") if given.get("role") == "img"]
    assert pictures_shown
    assert all(len(str(given["aria-label"])) > 40 for given in pictures_shown)
    assert len(html) < 1_000_000


def test_a_report_has_its_parts_in_order(found: Read, made: Path) -> None:
    assert [given["id"] for given in found.all("section")] == ORDER
    check_page(found, (made / "report.html").read_text("utf-8"))
    assert "A comparison of assumptions, not a forecast." in found.text
    assert "A closer look: Brazil" in found.text
    assert "alignsim run baseline -n 24 --seed 3" in found.text


def test_its_figures_are_those_of_the_tables(found: Read, run: sim.Result) -> None:
    kinds = partners_by_kind(Shown(run), "us")
    row = totals_of(run)
    assert kinds.all.mean == pytest.approx(row["mean"])
    says = f"{row['mean']:.0f} of 194 countries are partners of the United States by the end of"
    assert says in found.text
    assert f"; 90 % of futures: {row['p05']:.0f} to {row['p95']:.0f})" in found.text
    likeliest = run.countries.sort_values("p_committed_us", ascending=False).iloc[0]
    share = f"{likeliest['name']} United States only {100 * likeliest['p_committed_us']:.0f} %"
    assert share in found.text
    assert run.inputs.run_id in found.text


def test_files_beside_it_are_the_tables_of_the_run(made: Path, run: sim.Result) -> None:
    kept = {name: content for name, content in run.files() if name.endswith(".csv")}
    assert {path.name for path in made.glob("*.csv")} == {*kept}
    assert all((made / name).read_bytes() == content for name, content in kept.items())
    package = json.loads((made / "datapackage.json").read_text("utf-8"))
    assert {each["path"] for each in package["resources"]} == {*kept}


def sheets(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the cells of a workbook: numbers, texts, switches, and None."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = [
            "".join(each.itertext()) for each in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = [str(each.get("name")) for each in
                 ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]  # fmt: skip
        return {
            name: [*_rows(ET.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")), shared)]
            for n, name in enumerate(names, 1)
        }


def _rows(sheet: ET.Element, shared: list[str]) -> Any:
    assert not [*sheet.iter(f"{SHEET}f")], "a formula"
    for row in sheet.iter(f"{SHEET}row"):
        cells: dict[str, Any] = {}
        for cell in row:
            value, kind = cell.find(f"{SHEET}v"), cell.get("t")
            place = re.sub(r"\d", "", str(cell.get("r")))
            if value is not None and value.text is not None:
                is_text = kind == "s"
                cells[place] = shared[int(value.text)] if is_text else float(value.text)
        yield cells


def test_the_workbook_holds_the_same_cells(made: Path, run: sim.Result) -> None:
    content = (made / "tables.xlsx").read_bytes()
    found = sheets(content)
    names = [*found]
    assert (names[0], names[-1]) == (DICTIONARY, ABOUT)
    assert "countries_timeline" not in names
    words = [row.get("E", "") for row in found[DICTIONARY]]
    assert any("Too long for a sheet. It is as countries_timeline.csv." in each for each in words)
    heads, *rows = found["totals"]
    assert heads["E"] == "mean (column unit)" or heads["E"].startswith("mean")
    assert [row["E"] for row in rows] == pytest.approx(run.totals["mean"].tolist())
    months = [row["B"] for row in found["timeline"][1:]]
    assert months == run.timeline["month"].tolist()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        first = book.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in first


def test_a_report_is_replaced_when_asked(run: sim.Result, made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copied")
    assert sim.report(run, folder, country="KOR", fresh=True) == folder / "report.html"
    assert "A closer look: South Korea" in (folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"provider": "mars"}, "provider = 'mars' is not one of this result"),
        ({"country": "Atlantis"}, "country = 'Atlantis'"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(
    run: sim.Result, tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        sim.report(run, tmp_path, **given)
    assert not [*tmp_path.iterdir()]
    with pytest.raises(InputError, match="a report needs a result, not a DataFrame"):
        sim.report(pd.DataFrame(), tmp_path)  # type: ignore[arg-type]


def test_without_the_renderer_it_says_what_to_install(
    run: sim.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "RENDERER", "no_such_renderer")
    with pytest.raises(RunError, match=r"A report needs .*\n.*pip install 'alignsim\[pictures\]'"):
        sim.report(run, tmp_path)


def test_hostile_names_stay_text_and_the_scenario_lies_beside(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(hostile_scenario(), "utf-8")
    scenario = sim.load_scenario(path)
    result = sim.compare(sim.load_scenario("baseline"), scenario, replicates=16, seed=1)
    folder = sim.report(result, tmp_path / "report").parent
    html = (folder / "report.html").read_text("utf-8")
    found = Read(html)
    check_page(found, html)
    assert "<script>window.hit=1</script>" in found.text
    for given in found.all("a"):
        assert not str(given["href"]).startswith(OUTSIDE) or str(given["href"]) == OUTSIDE
    cells = [cell for rows in sheets((folder / "tables.xlsx").read_bytes()).values()
             for row in rows for cell in row.values()]  # fmt: skip
    assert any("=HYPERLINK" in str(cell) for cell in cells) or cells
    again = sim.load_scenario(folder / "hostile.yaml")
    assert again.hash == scenario.hash
    assert moved_from_file(scenario) is None


def test_a_comparison_names_its_sides(tmp_path: Path) -> None:
    start = sim.load_scenario("baseline")
    moved = start.with_levers({"slots": 20}).with_changes({"parameters.w_peer": 1.0})
    result = sim.compare(start, moved, replicates=24, seed=1)
    html = sim.report(result, tmp_path).read_text("utf-8")
    found = Read(html)
    check_page(found, html)
    row = totals_of(result)
    assert row["difference"] > 0
    assert "Places in the US infrastructure offer: 20 instead of 10" in found.text
    assert "Beliefs pinned: Weight of what peers do: 1 instead of 1.6" in found.text
    assert (
        "alignsim compare baseline baseline --set parameters.w_peer=1 --lever slots=20 -n 24 "
        "--seed 1" in found.text
    )
    assert not (tmp_path / "baseline.yaml").exists()
    assert (
        "Where the partners of the United States are more or fewer: baseline as moved minus "
        "baseline; the regions add up." in found.text
    )


def test_a_sweep_has_its_outcome_over_what_is_varied(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0.2, 0.8], "parameters.w_peer": [0.8, 2.4]})
    result = sim.sweep(short_scenario(), design, replicates=16, out=tmp_path / "results")
    html = sim.report(result, tmp_path / "report").read_text("utf-8")
    found = Read(html)
    check_page(found, html)
    keys = [given["id"] for given in found.all("section")]
    assert keys == ["question", "answer", "outcome", *ORDER[4:5], *ORDER[6:]]
    start = result.outcomes.query("point == 0 and outcome == 'n_countries' and provider == 'us'")
    assert f"90 % of futures: {start['p05'].iloc[0]:.0f} to " in found.text
    assert "The sweep is not a file of its name in the folder of sweeps" in found.text


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_command_finds_what_it_is_given_and_replaces_nothing(
    shell: Shell, tmp_path: Path
) -> None:
    results, out = tmp_path / "results", tmp_path / "out"
    said = shell("report", "baseline", "-n", "8", "--results", results, "--out", out, "--json")
    assert said.status == 0
    assert said.data["kind"] == "run"
    assert said.data["report"] == str(out / "report.html")
    (folder,) = (results / "baseline").iterdir()
    made = files_in(out)
    again = shell("report", folder, "--out", out, "-q")
    assert (again.status, again.out.strip()) == (0, str(out / "report.html"))
    refused = shell("report", folder, "--seed", "2", "--out", out)
    assert refused.status == 2
    assert "is a finished result, which --seed cannot change" in refused.err
    other = shell("report", folder, "--focus", "BRA", "--out", out)
    assert other.status == 2
    assert re.search(r"holds another report: report.html.*\n.*--fresh", other.err)
    assert files_in(out) == made
    nothing = shell("report", "no-such-thing", "--results", results)
    assert nothing.status == 2


def test_text_has_links_and_code_and_nothing_else() -> None:
    assert text("a <b> `x < 1` https://a.org/b?c=1&d") == (
        'a &lt;b&gt; <code>x &lt; 1</code> <a href="https://a.org/b?c=1&amp;d">'
        "https://a.org/b?c=1&amp;d</a>"
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_current_and_sound(name: str) -> None:
    html = (ROOT / FOLDER / f"{name}.html").read_text("utf-8")
    stale = "run: python -m sim.interfaces.generated.reports"
    assert f'name="alignsim-origin" content="{origin(name)}"' in html, stale
    check_page(Read(html), html)
