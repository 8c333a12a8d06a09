"""The scenario editor: one text, a form that writes into it, and the command line's messages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from app_pages import Open, listed, plain
from explorer.draft_pages import GOOD, button, errors, said, text_of
from sim.errors import ScenarioError
from sim.interfaces.explorer.editor.form import UNREADABLE
from sim.interfaces.explorer.editor.text import child_text, text_of_side
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.drafts import read_draft
from sim.interfaces.explorer.state.view import Side, pack
from sim.scenario import load_scenario

DATA = Path(__file__).parents[1] / "data"
FOLDER = Path(__file__).parents[2] / "scenarios"
EXPECTED = yaml.safe_load((DATA / "expected_messages.yaml").read_text("utf-8"))
OFFER = "providers.us.offers.infrastructure"


def upload(at: AppTest, name: str, content: bytes) -> None:
    at.file_uploader[0].set_value((name, content, "application/yaml")).run()
    assert not at.exception, at.exception[0].message


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_messages_are_those_of_validate(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text is read as the file that it becomes, in the folder of scenarios."""
    read_draft.clear()
    text = (DATA / name).read_bytes()
    monkeypatch.setattr("sim.interfaces.explorer.state.drafts.default_folder", lambda: Path())
    monkeypatch.chdir(DATA)
    draft = read_draft(text.decode("utf-8"))
    read_draft.clear()
    # As it would be saved: under its own name.
    folder = shutil.copytree(DATA, tmp_path / "data")
    (folder / draft.file_name).write_bytes(text)
    monkeypatch.chdir(folder)
    try:
        load_scenario(Path(draft.file_name))
    except ScenarioError as error:
        wanted = error.problems
    else:
        wanted = ()
    if draft.name == "draft":
        wanted = tuple(p for p in wanted if "must equal the file's name" not in p.message)
    assert draft.problems == wanted
    assert draft.problems or name == "bad_name.yaml"
    if draft.name == Path(name).stem:
        found = [
            {"at": f"{p.file}:{p.line}", "says": p.message, "remedy": p.remedy}
            for p in draft.problems
        ]
        assert found == EXPECTED[name]


def test_a_first_visit_has_a_scenario_in_order(open_page: Open) -> None:
    at = open_page("editor")
    assert at.title[0].value == "Scenario editor"
    assert text_of(at) == child_text("baseline")
    assert "the same as baseline" in said(at)
    assert "Ctrl+Enter" in said(at)
    assert "draft" not in at.query_params


def test_the_form_writes_into_the_text(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    at.selectbox(key="editor.part").set_value("us.infrastructure").run()
    control = at.number_input(key=f"editor.{OFFER}.local_control")
    assert control.value == 0.8
    control.set_value(0.7).run()
    assert text_of(at) == GOOD.replace("0.8", "0.7")
    at.number_input(key=f"editor.{OFFER}.slots").set_value(20).run()
    assert text_of(at) == GOOD.replace("0.8}", "0.7, slots: 20}")
    at.number_input(key=f"editor.{OFFER}.slots").set_value(None).run()
    assert "slots: null}" in text_of(at)
    at.toggle(key=f"editor.{OFFER}.democracy_floor_is_hard").set_value(True).run()
    assert "democracy_floor_is_hard: true}" in text_of(at)
    at.button(key=f"back.editor.{OFFER}.slots").click().run()
    assert "slots" not in text_of(at)
    assert "# a comment that stays" in text_of(at)
    button(at, "Undo").click().run()
    assert "slots: null" in text_of(at)
    assert at.number_input(key=f"editor.{OFFER}.slots").value is None


def test_the_text_moves_the_form(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD), **{"show__editor.part": "us"})
    assert at.number_input(key="editor.providers.us.linkage").value == 0.2
    at.text_area(key="editor.text").set_value(GOOD.replace("0.2 ", "0.9 ")).run()
    assert at.number_input(key="editor.providers.us.linkage").value == 0.9
    assert "0.5 in baseline" in said(at)
    # Where it is as inherited again, the text need not say it.
    at.number_input(key="editor.providers.us.linkage").set_value(0.5).run()
    assert "linkage" not in text_of(at)


def test_words_and_months(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    at.text_input(key="editor.title").set_value("Yes: <b>more</b> # or less").run()
    assert 'title: "Yes: <b>more</b> # or less"\n' in text_of(at)
    at.text_input(key="editor.end").set_value("2031-12").run()
    assert text_of(at).endswith("horizon:\n  end: 2031-12\n")
    assert "2030-12 in baseline" in said(at)
    # The two are compared over the months that both have; without any they are not.
    assert not button(at, "Compare with what it extends").disabled
    at.text_input(key="editor.start").set_value("2031-01").run()
    assert button(at, "Compare with what it extends").disabled
    at.button(key="back.editor.horizon.start").click().run()
    at.text_input(key="editor.end").set_value("soon").run()
    assert 'more-control.yaml:12: horizon.end = "soon" must be a month' in errors(at)[1]
    at.button(key="back.editor.horizon.end").click().run()
    at.selectbox(key="editor.extends").set_value("third-way").run()
    assert "extends: third-way\n" in text_of(at)
    assert "Europe: infrastructure" in at.selectbox(key="editor.part").options


def test_events_are_taken_over_to_be_changed(open_page: Open) -> None:
    text = GOOD.replace("extends: baseline", "extends: kill-switch")
    at = open_page("editor", draft=pack(text), **{"show__editor.part": "events"})
    inherited = load_scenario("kill-switch").events
    assert list(at.dataframe[0].value["title"]) == [event.title for event in inherited]
    at.button(key="editor.take_events").click().run()
    assert not errors(at)
    assert read_draft(text_of(at)).scenario.events == inherited  # type: ignore[union-attr]
    assert "events:\n  - date:" in text_of(at)
    at.button(key="back.editor.events").click().run()
    assert text_of(at) == text


def test_all_problems_at_once_beside_the_text(open_page: Open) -> None:
    bad = GOOD.replace("0.2 ", "1.5 ").replace("local_control", "local_contrl")
    at = open_page("editor", draft=pack(bad))
    count, *problems = errors(at)
    assert count.startswith("2 problems")
    assert problems == [
        "more-control.yaml:8: providers.us.linkage = 1.5 must be at most 1 (a share from 0 to 1)."
        "\n  Give a number from 0 to 1.",
        f"more-control.yaml:10: {OFFER}.local_contrl is not a known key."
        "\n  Did you mean 'local_control'?",
    ]
    assert "8 |     linkage: 1.5    # why" in [block.value for block in at.code]
    assert button(at, "Open in Explore").disabled
    # The form still helps: what does not fit can be seen, and put back.
    at.selectbox(key="editor.part").set_value("us").run()
    at.button(key="back.editor.providers.us.linkage").click().run()
    count, *problems = errors(at)
    assert count.startswith("1 problem.")
    assert len(problems) == 1


def test_a_broken_text_rests_the_form_and_stays(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    at.text_area(key="editor.text").set_value(GOOD + "x: [\n").run()
    assert UNREADABLE in [info.value for info in at.info]
    assert not at.selectbox(key="editor.shipped").disabled
    assert "editor.part" not in [box.key for box in at.selectbox]
    assert text_of(at) == GOOD + "x: [\n"
    assert "is not valid YAML" in errors(at)[1]
    at.text_area(key="editor.text").set_value("").run()
    assert text_of(at).strip() == ""
    assert "the file is empty" in errors(at)[1]
    button(at, "Undo").click().run()
    button(at, "Undo").click().run()
    assert text_of(at) == GOOD


def test_a_misspelt_parent_is_shown_as_it_is(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD.replace("extends: baseline", "extends: baselin")))
    control = at.selectbox(key="editor.extends")
    assert control.value == "baselin"
    assert control.options[1] == "baselin: no such scenario"
    control.set_value("baseline").run()
    assert "extends: baseline\n" in text_of(at)
    assert not errors(at)


def test_what_is_wrong_stands_above_the_text(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD.replace("0.2 ", "1.5 ")))
    order = [
        "text" if getattr(element, "key", "") == "editor.text" else element.type
        for element in at.main
    ]
    places = [n for n, kind in enumerate(order) if kind == "error"]
    assert len(places) == 2
    assert max(places) < order.index("text")


def test_starting_from_a_shipped_scenario(open_page: Open) -> None:
    at = open_page("editor")
    assert at.selectbox(key="editor.shipped").value == "baseline"
    at.selectbox(key="editor.shipped").set_value("third-way").run()
    assert at.query_params["show.editor.shipped"] == "third-way"
    at = open_page("editor", show__editor__shipped="third-way")
    assert at.selectbox(key="editor.shipped").value == "third-way"
    at.button(key="start.shipped").click().run()
    assert text_of(at) == child_text("third-way")
    assert "name: third-way-changed\nextends: third-way\n" in text_of(at)
    button(at, "Undo").click().run()
    assert text_of(at) == child_text("baseline")


def test_a_link_that_would_start_from_no_scenario_says_so(open_page: Open) -> None:
    at = open_page("editor", show__editor__shipped="third-wave")
    assert at.selectbox(key="editor.shipped").value == "baseline"
    told = "The folder has no scenario third-wave; baseline is chosen."
    assert told in [plain(info.value) for info in at.info]


@pytest.mark.parametrize("name", [entry.name for entry in runs.scenario_files()])
def test_every_child_is_its_parent_at_first(name: str) -> None:
    scenario = read_draft(child_text(name)).scenario
    assert scenario is not None
    parent = load_scenario(name)
    own = {"name", "title", "description"}
    assert {k: v for k, v in scenario.to_dict().items() if k not in own} == {
        k: v for k, v in parent.to_dict().items() if k not in own
    }


def test_what_was_moved_in_explore_becomes_the_differences(open_page: Open) -> None:
    levers = (("korean_ties", 0.4), ("local_control", 0.7), ("slots", 20.0))
    side, beliefs = Side("baseline", levers), (("w_peer", 2.0),)
    text = text_of_side(side, beliefs)
    found = read_draft(text).scenario
    assert found is not None
    own = {"name": found.name, "title": found.title, "description": found.description}
    assert runs.build_side(side, beliefs).with_changes(own) == found
    assert "slots: 20\n" in text
    at = open_page("editor", a="baseline", a__slots="20", belief__w_peer="2")
    assert "slots: 20\n" in text_of(at)
    assert "w_peer: 2\n" in text_of(at)
    assert "differs from baseline in 2 places" in said(at)


def test_a_draft_keeps_its_text_when_its_levers_are_moved() -> None:
    side = Side("more-control", (("slots", 20.0),), GOOD)
    assert text_of_side(side, ()) == GOOD.replace("0.8}", "0.8, slots: 20}")


def test_an_upload_good_and_broken(open_page: Open) -> None:
    at = open_page("editor")
    upload(at, "more-control.yaml", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert text_of(at) == GOOD
    assert "differs from baseline in 2 places" in said(at)
    upload(at, "other.yaml", GOOD.replace("0.2 ", "2 ").encode())
    assert "linkage = 2 must be at most 1" in errors(at)[1]
    assert "linkage: 2 " in text_of(at)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(range(256)) * 20, "is not a text file"),
        (b"name: a\x00b", "contains the control character U+0000"),
        (b"\xff\xfe" + "name: mine".encode("utf-16-le"), "is not a text file"),
        (b"title: " + b"x" * 300_000, "must have at most 262,144 bytes"),
        (b"\n" * 262_145, "must have at most 262,144 bytes"),
    ],
)
def test_an_upload_that_is_no_text_leaves_the_editor_alone(
    open_page: Open, content: bytes, message: str
) -> None:
    at = open_page("editor", draft=pack(GOOD))
    upload(at, "../../<b>odd</b>.yaml", content)
    assert text_of(at) == GOOD
    assert not at.success
    assert message in errors(at)[0]
    assert "<b>odd</b>.yaml" not in said(at) or ".." not in said(at)


def test_a_file_of_another_type_takes_away_the_last_error(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    upload(at, "odd.yaml", b"name: a\x00b")
    assert "control character" in errors(at)[0]
    upload(at, "notes.txt", b"hello")
    assert "notes.txt: this is not a YAML file by its name." in errors(at)[0]
    assert "control character" not in " ".join(errors(at))
    assert text_of(at) == GOOD


def test_what_differs_can_be_read_in_full(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    table = listed(at, "What differs from baseline")
    assert len(table) == 2
    assert table["address in a scenario file"].str.startswith("providers.").all()


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)
EVENT = "  - {date: 2026-01, title: e, set: {%s}}\n"
WRONG = "".join(
    EVENT % ", ".join(f"providers.us.ofers.o{n}.t{m}: 1" for m in range(60)) for n in range(90)
)
ONE_HOME = "name: x\ntitle: x\ndescription: x\nproviders:\n  a:\n    title: a\n    home: USA\n"
HOSTILE = {
    "addresses": (GOOD + "events:\n" + WRONG, "leads to no number of this scenario"),
    "offers": (
        ONE_HOME
        + "    offers:\n"
        + "".join(f"      o{n}: {{title: x, z: 1}}\n" for n in range(3000)),
        "not a known key",
    ),
    "aliases": (BOMB, "is not allowed"),
    "nesting": ("a: " + "[" * 100_000, "the nesting is deeper than 20 levels"),
    "keys": ("".join(f"k{n}: 1\n" for n in range(25_000)), "more than 20,000 values"),
    "unknown keys": ("name: x\n" + "".join(f"k{n}: 1\n" for n in range(9_000)), "not a known key"),
    "one long line": ("name: " + "x" * 250_000, "name ="),
    "a tag": ("name: !!python/object/apply:os.system [id]", "is not allowed"),
    "escape": (GOOD.replace("baseline", "../../etc/passwd"), "plain name of a file"),
    "absolute": (GOOD.replace("baseline", "/etc/passwd"), "plain name of a file"),
    "a set elsewhere": (GOOD + "parameter_set: ../baseline\n", "plain name of a file"),
    "a dotted name": (GOOD.replace("baseline", "baseline.yaml"), "Leave .yaml out"),
    "providers": (
        "name: x\nproviders:\n" + "".join(f"  p{n}: {{}}\n" for n in range(4000)),
        "is missing",
    ),
    "digits": (
        GOOD.replace("0.2 ", "9" * 4000 + " "),
        "(a number of 4,000 digits) must be at most",
    ),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_texts_are_answered_in_words(open_page: Open, kind: str) -> None:
    text, message = HOSTILE[kind]
    at = open_page("editor")
    at.text_area(key="editor.text").set_value(text).run()
    assert not at.exception
    assert len(at.error) <= 42
    assert any(message in error for error in errors(at)), errors(at)[:3]
    assert text_of(at) == text


def test_ten_megabytes_are_refused_and_what_was_there_stays(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    at.text_area(key="editor.text").set_value("x" * 10_000_000).run()
    assert text_of(at) == GOOD
    assert "must have at most 262,144 bytes" in errors(at)[0]
    assert not at.success
