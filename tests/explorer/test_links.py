"""A link restores what was looked at, and nothing in it is trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app_pages import FEW
from sim.data import load_parameters
from sim.interfaces.explorer.state.view import (
    FUTURES,
    LONGEST_DRAFT,
    LONGEST_TEXT,
    MOST_COMPARED,
    MOST_PARAMETERS,
    WANTED,
    Side,
    View,
    pack,
    read_link,
    write_link,
    written,
)
from sim.interfaces.explorer.sweep.axes import MOST_ALSO, GridAxis
from sim.interfaces.explorer.sweep.own import point_in_link
from sim.scenario.schema.fields import NAME_PATTERN

names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
settings = st.dictionaries(names, numbers, max_size=4).map(lambda d: tuple(sorted(d.items())))
drafts = st.just("") | st.text(st.characters(codec="utf-8"), max_size=400)
scenarios = st.from_regex(NAME_PATTERN, fullmatch=True)
sides = st.builds(Side, scenarios, settings, drafts)
details = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}\.[a-z_]{1,12}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_.,:+-]{1,160}", fullmatch=True),
    max_size=3,
).map(lambda d: tuple(sorted(d.items())))
found = st.text(st.characters(codec="utf-8"), max_size=90).map(written)
views = st.builds(
    lambda wanted, **parts: View(**parts).with_detail(WANTED, wanted),
    found,
    a=sides,
    b=st.none() | sides,
    beliefs=settings,
    country=st.from_regex(r"[A-Z]{3}", fullmatch=True),
    month=st.just("") | st.just("2027-03"),
    as_of=st.just("") | st.just("2026-11"),
    of=st.just("") | names,
    futures=st.sampled_from(FUTURES),
    seed=st.integers(0, 2**32 - 1),
    compared=st.lists(sides, max_size=4).map(tuple),
    details=details,
    editing=drafts,
)


@given(views)
def test_a_link_restores_the_view(view: View) -> None:
    assert read_link(write_link(view)) == (view, ())


def test_a_link_holds_all_that_a_view_can() -> None:
    name = "x" * 27
    levers = tuple((f"{name}_{n:02}", 0.1 + n / 7) for n in range(60))
    side = Side("s" * 60, levers, "name: mine\n")
    details = {
        "sweep.x": GridAxis(name, 0.123456, 1.23457e16, 9, (0.123457,) * MOST_ALSO).written(),
        "sweep.point": point_in_link([name] * 2, [-1.23456789012345e-05, 1.23456789012345e17]),
        "sweep.show": f"{'p' * 30}:{'p' * 30}_{'o' * 30}:mean_control_conceded_share",
        "sweep.across": f"providers.{'p' * 30}.offers.{'o' * 30}.required_chip_tier_of_partners",
        "sweep.open": f"{'n' * 60}:{'0' * 12}",
    } | {f"page.detail_{n}": "word" for n in "abcdefghijklmno"}
    view = View(
        side, side, tuple((f"w_{n}", 1.5) for n in sorted(load_parameters())), "BRA", "2027-03",
        "2028-11", "u" * 30, 1000, 7, (side,) * MOST_COMPARED, tuple(sorted(details.items())),
        "name: mine\n",
    )  # fmt: skip
    assert read_link(write_link(view)) == (view, ())


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=80), max_size=8))
def test_any_link_gives_a_view(link: dict[str, str]) -> None:
    view, _ = read_link(link)
    assert read_link(write_link(view))[0] == view


@given(st.text())
def test_a_search_is_one_short_line(text: str) -> None:
    short = written(text)
    assert len(short) <= LONGEST_TEXT
    assert short == written(short)
    assert not short or short.isprintable()


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ({"a": "../../etc/passwd"}, "names a scenario that cannot exist"),
        ({"a.slots": "ten"}, "a.slots to something that is not a number"),
        ({"a.slots": "nan"}, "not a number"),
        ({"a.slots": "1e999"}, "not a number"),
        ({"belief.<b>": "1"}, "not a number"),
        ({"seed": "-1"}, "seed = -1"),
        ({"seed": str(2**32)}, "not a whole number in range"),
        ({"futures": "1000000"}, "futures = 1000000"),
        ({"futures": "3"}, f"3 futures; {FEW} are run"),
        ({"show.map": "tiles"}, "not a way to show it"),
        ({"show.map.mode": "<b>"}, "not a way to show it"),
        ({"show.explore.find": "x" * (LONGEST_TEXT + 1)}, "not a way to show it"),
        ({"show.explore.find": "asia\x00"}, "not a way to show it"),
        ({"show.explore.find": ""}, "not a way to show it"),
        ({"draft.a": "?"}, "cannot be read"),
        ({"draft": "?"}, "text for the scenario editor that cannot be read"),
        ({"draft": "a"}, "text for the scenario editor that cannot be read"),
        ({"draft.a": pack("x" * (LONGEST_DRAFT + 1))}, "cannot be read"),
        ({f"a.x{n}": "1" for n in range(MOST_PARAMETERS + 1)}, "too long"),
    ],
)
def test_what_cannot_be_used_is_said(link: dict[str, str], note: str) -> None:
    _, notes = read_link(link)
    assert len(notes) == 1
    assert note in notes[0]


def test_levers_are_kept_in_one_order() -> None:
    one = Side().with_lever("slots", 20).with_lever("fund", 0)
    other = Side().with_lever("fund", 0).with_lever("slots", 20)
    assert one == other
    assert one.with_lever("slots", None).with_lever("fund", None) == Side()


def test_a_draft_too_long_for_a_link_is_left_out() -> None:
    text = "".join(f"# {n * 7919 % 100003}\n" for n in range(6000))
    link = write_link(View(a=Side("mine", draft=text)))
    assert link == {"a": "mine"}
