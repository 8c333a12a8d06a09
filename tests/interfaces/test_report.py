"""Reports: what is in them, that they are inert, whole and never replaced unasked."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
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
from shell import Shell
from sim.analysis.evidence import expected_joiners, load_evidence
from sim.analysis.moved import moved_from_file
from sim.analysis.shown import Shown
from sim.analysis.summary.kinds import partners_by_kind
from sim.errors import InputError, RunError
from sim.interfaces import pictures
from sim.interfaces.generated.reports import EXAMPLES, FOLDER, origin
from sim.interfaces.report.contents import contents
from sim.interfaces.report.document import Listing, Picture, Prose, Report
from sim.interfaces.report.page import text
from sim.interfaces.report.subject import subject_of
from sim.interfaces.report.workbook import ABOUT, DICTIONARY
from sim.words.digits import supported
from sim.words.wording import alike, error_in_words, with_sign

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


def totals_of(result: Any) -> dict[str, Any]:
    """Return the row of a result with the partners of the United States."""
    table = result.totals
    own = table[(table["provider"] == "us") & (table["outcome"] == "n_countries")]
    return dict(own.to_dict("records")[0])


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


def test_a_change_says_how_far_it_goes_over_futures_and_of_what_intervals_are() -> None:
    first_of, second_of = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    result = sim.compare(first_of, second_of, replicates=60, seed=1)
    totals = totals_of(result)
    report = contents(subject_of(result))
    first, second, third = answer_of(report)
    ends = [with_sign(totals[f"difference_{end}"]) for end in ("p05", "p95")]
    assert "90 % interval of the mean: " in first
    assert re.search(rf"; 90 % of futures: {re.escape(' to '.join(alike(*ends)))}\)", first)
    assert "90 % of futures: " in second
    # Every kind of partner has both ranges, in the same order.
    changes = re.findall(r"\((.*?)\)", first.split(". They are")[0] + second)
    assert all(bracket.count(";") == 1 for bracket in changes)
    assert "points; 90 % interval of the mean: " in third
    heads = [head for each in listings(report) for head in each.heads]
    assert "90 % interval" not in heads
    assert {"90 % interval of the mean", "90 % interval over the uncertain numbers"} <= {*heads}


def answer_of(report: Report) -> Sequence[str]:
    (section,) = (each for each in report.sections if each.key == "answer")
    lead = section.blocks[0]
    assert isinstance(lead, Prose)
    assert lead.is_lead
    return lead.paragraphs


def listings(report: Report) -> list[Listing]:
    blocks = [block for section in report.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Listing)]


def test_the_answer_says_how_far_off_the_models_own_numbers_were(run: sim.Result) -> None:
    (answer,) = (s for s in contents(subject_of(run)).sections if s.key == "answer")
    last = load_evidence().uptake.groupby("scenario").last()
    expected, found = last["forecast_mean"].mean(), last["on_record"].mean()
    _, beside = answer.blocks
    assert isinstance(beside, Prose)
    assert expected > found
    assert (
        f"expected {expected:.0f} joiners on average where {found:.0f} are on record"
        in (beside.paragraphs[0])
    )
    uptake = pd.DataFrame(
        {"scenario": ["a", "a", "b"], "forecast_mean": [1.0, 2.0, 3.0], "on_record": [0, 5, 7]}
    )
    few = expected_joiners(uptake)
    assert (few.forecast, few.on_record, few.n_above, few.programmes) == (2.5, 6.0, 0, 2)
    assert "expects too few: in 2 earlier programmes" in few.in_words
    assert "fewer than there were in 2 of them" in few.in_words


def test_a_comparison_names_its_scenarios_and_no_letters() -> None:
    first, second = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    result = sim.compare(first, second, replicates=8, seed=1)
    report = contents(subject_of(result))
    letter = re.compile(r"(?<!-)\b(?:in A|in B|A minus B|A is|B is|under A|of A|Rings: B)\b")
    said = [*words_of(report)]
    assert not [each for each in said if letter.search(each)]
    # Files name the first of the command line a: the question says which columns are whose.
    (question,) = (s.blocks[0] for s in report.sections if s.key == "question")
    assert isinstance(question, Prose)
    assert (
        "columns of baseline end in `_a`, those of sovereignty-guarantees in `_b`"
        in (question.paragraphs[1])
    )
    assert "differences are sovereignty-guarantees minus baseline" in question.paragraphs[1]
    (totals,) = (each for each in listings(report) if "What it does" in each.caption)
    row = totals_of(result)
    assert totals.heads[1:3] == ["sovereignty-guarantees", "baseline"]
    assert [float(cell) for cell in totals.rows[0][1:3]] == pytest.approx(
        [row["mean_b"], row["mean_a"]], abs=0.5
    )


def test_two_of_one_name_are_told_apart() -> None:
    start = sim.load_scenario("baseline")
    moved = [start.with_levers({"slots": slots}) for slots in (20, 30)]
    once = sim.compare(start, moved[0], replicates=8, seed=1)
    heads = {head for each in listings(contents(subject_of(once))) for head in each.heads}
    assert {"in baseline as moved", "in baseline"} <= heads
    result = sim.compare(moved[0], moved[1], replicates=8, seed=1)
    heads = {head for each in listings(contents(subject_of(result))) for head in each.heads}
    assert {"in baseline (second)", "in baseline (first)"} <= heads


def words_of(report: Report) -> Iterator[str]:
    """Yield what a reader of a report sees, the words in its pictures too."""
    for block in (block for section in report.sections for block in section.blocks):
        if isinstance(block, Prose):
            yield from block.paragraphs
        elif isinstance(block, Listing):
            yield from (block.caption, *block.heads)
        elif isinstance(block, Picture):
            yield from (block.title, block.caption, block.description)
            yield from re.findall(r">([^<>]+)</text>", block.wide)


def test_a_range_that_one_scenario_draws_is_told_in_words() -> None:
    first, second = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    report = contents(subject_of(sim.compare(first, second, replicates=8, seed=1)))
    (changes,) = (each for each in listings(report) if each.caption == "What differs.")
    ranges = [row for row in changes.rows if row[0].startswith("Range of: ")]
    assert [row[1:3] for row in ranges if row[3].endswith("infrastructure.local_control`")] == [
        ["one value, not drawn", "triangular from 0.25 to 0.45, mode 0.35"]
    ]
    for row in changes.rows:
        assert "distribution" not in " ".join(row[1:3])
        assert "nothing" not in row[1:3]


def test_the_title_of_a_run_says_what_was_moved() -> None:
    scenario = sim.load_scenario("baseline").with_levers({"slots": 20})
    report = contents(subject_of(sim.simulate(scenario, 8, seed=1)))
    assert report.title.endswith(", with Places in the US infrastructure offer: 20 instead of 10")
    assert "run of baseline as moved" in report.subtitle


def test_means_say_their_futures_and_error_and_have_no_more_digits(run: sim.Result) -> None:
    first = answer_of(contents(subject_of(run)))[0]
    row = totals_of(run)
    assert f"Monte Carlo error ±{error_in_words(row['mean_se'])}; 90 % of futures: " in first
    assert f"{run.replicates} futures" in first


def test_a_sweep_does_too(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0.2, 0.8]})
    found = sim.sweep(short_scenario(), design, 24, out=tmp_path)
    report = contents(subject_of(found))
    first = answer_of(report)[0]
    outcomes = found.frame("outcomes")
    rows = outcomes[(outcomes["outcome"] == "n_countries") & (outcomes["provider"] == "us")]
    start = rows[rows["point"] == 0].iloc[0]
    assert (
        f"over 24 futures at each point (Monte Carlo error ±{error_in_words(start['mean_se'])}"
        in (first)
    )
    (table,) = (each for each in listings(report) if each.caption.startswith("Partners of the Uni"))
    at = list(table.heads).index("Monte Carlo error")
    for cells, (_, own) in zip(table.rows, rows.sort_values("point").iterrows(), strict=True):
        assert cells[at - 1] == supported(own["mean"], own["p05"], own["p95"])
        assert cells[at] == f"±{error_in_words(own['mean_se'])}"


def test_utility_is_explained_once(run: sim.Result) -> None:
    said = [each for each in words_of(contents(subject_of(run))) if "Utility is the score" in each]
    assert len(said) == 1
