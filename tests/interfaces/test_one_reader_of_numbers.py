"""The same characters are the same number, or refused alike, wherever a number is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.interfaces.cli.options import changed
from sim.interfaces.explorer.state.view import read_number
from sim.scenario import load_scenario, load_scenario_text

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
LINKAGE = "providers.us.linkage"
# Characters, and the number from 0 to 1 that they are; None for no number.
NUMBERS: dict[str, float | None] = {
    ".5": 0.5, "+0.5": 0.5, "+.5": 0.5, "0.50": 0.5, "5e-1": 0.5, "1.": 1, "1": 1, "-0": 0,
    "1e0": 1, "1E+0": 1, "\u00a00.5\u2009": 0.5,
    "01": None, "00.5": None, "0x1": None, "0b1": None, "0o1": None, "0_1": None, "0,5": None,
    "\u22120": None, "0\u00a0.5": None, "\uff11": None, "\u0661": None, "\u200b0.5": None,
    "50%": None, "1 share": None, "half": None, "0.5.0": None, "1e": None, "--1": None,
    "yes": None, "nan": None, ".nan": None, ".inf": None, "NaN": None, "Infinity": None,
    "1e999": None, "9" * 400: None, "-" + "9" * 400: None, "null": None, "True": None,
}  # fmt: skip
REMEDIES = {
    "01": "Write 1.", "00.5": "Write 0.5.", "0x1": "Write 1.", "0b1": "Write 1.",
    "0_1": "Write 1.", "0,5": "Write a decimal point: 0.5.", "\u22120": "Write -0.",
    "0\u00a0.5": "Write 0.5.", "\uff11": "Write 1.", "\u200b0.5": "Write 0.5.",
}  # fmt: skip


BASELINE = load_scenario("baseline")


def loaded(text: str, folder: Path) -> float:
    """Return the linkage that a scenario file sets."""
    head = "name: x\nextends: baseline\ntitle: T\ndescription: D\n"
    content = f"{head}providers:\n  us:\n    linkage: {text}\n"
    return load_scenario_text(content, folder=FOLDER).providers["us"].linkage


def tabled(text: str, folder: Path) -> float:
    """Return the linkage at the one point of a table."""
    # Quotes in a table belong to the table: what they hold may have a comma.
    (folder / "points.csv").write_text(f'{LINKAGE}\n"{text}"\n', "utf-8")
    head = "name: s\ntitle: T\ndescription: D\nscenario: baseline\n"
    (folder / "s.yaml").write_text(f"{head}points_file: points.csv\n", "utf-8")
    return float(sim.load_sweep(folder / "s.yaml").design.points[0, 0])


def listed(text: str, folder: Path) -> float:
    """Return the linkage at the one point of a grid."""
    head = "name: s\ntitle: T\ndescription: D\nscenario: baseline\n"
    (folder / "s.yaml").write_text(f"{head}grid:\n  {LINKAGE}:\n    - {text}\n", "utf-8")
    return float(sim.load_sweep(folder / "s.yaml").design.points[0, 0])


def set_by_option(text: str, folder: Path) -> float:
    """Return the linkage that --set gives."""
    return changed(BASELINE, [f"{LINKAGE}={text}"], None).providers["us"].linkage


def moved_by_lever(text: str, folder: Path) -> float:
    """Return the linkage that --lever gives."""
    return changed(BASELINE, None, [f"linkage={text}"]).providers["us"].linkage


READERS = (loaded, tabled, listed, set_by_option, moved_by_lever)


@pytest.mark.parametrize("text", [text for text, value in NUMBERS.items() if value is not None])
def test_a_number_is_the_same_everywhere(text: str, tmp_path: Path) -> None:
    assert {read(text, tmp_path) for read in READERS} == {NUMBERS[text]}
    assert read_number(text) == NUMBERS[text]


@pytest.mark.parametrize(
    "text",
    [text for text, value in NUMBERS.items() if value is None],
    ids=lambda text: ascii(text[:9]),
)
@pytest.mark.parametrize("read", READERS)
def test_no_number_is_refused_everywhere_with_a_remedy_that_fits(
    read: Callable[[str, Path], float], text: str, tmp_path: Path
) -> None:
    with pytest.raises(sim.InputError) as caught:
        read(text, tmp_path)
    (problem,) = caught.value.problems
    assert REMEDIES.get(text, "") in problem.remedy
    # There are none.
    assert "quotes" not in problem.remedy
    assert read_number(text) is None


@pytest.mark.parametrize("text", ['"0.5"', "'.5'"])
@pytest.mark.parametrize("read", [loaded, listed, set_by_option, moved_by_lever])
def test_quotes_make_text_of_a_number(
    read: Callable[[str, Path], float], text: str, tmp_path: Path
) -> None:
    with pytest.raises(sim.InputError, match="Remove the quotes"):
        read(text, tmp_path)


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_a_switch_is_the_same_everywhere(text: str, tmp_path: Path) -> None:
    address = "providers.us.home_takes_part"
    head = "name: x\nextends: baseline\ntitle: T\ndescription: D\n"
    content = f"{head}providers: {{us: {{home_takes_part: {text}}}}}\n"
    in_file = load_scenario_text(content, folder=FOLDER)
    by_option = changed(BASELINE, [f"{address}={text}"], None)
    (tmp_path / "points.csv").write_text(f"{address}\n{text}\n", "utf-8")
    design = sim.Design.from_csv(tmp_path / "points.csv")
    assert in_file.homes == BASELINE.homes
    assert in_file.providers["us"].home_takes_part is by_option.providers["us"].home_takes_part
    assert by_option.providers["us"].home_takes_part is True
    assert design.switched == (address,)


def test_no_limit_and_lists_are_read_from_options_as_from_files() -> None:
    slots = "providers.us.offers.infrastructure.slots"
    assert changed(BASELINE, [f"{slots}=null"], None).offers["us.infrastructure"].slots is None
    assert changed(BASELINE, [f"{slots}=20."], None).offers["us.infrastructure"].slots == 20
    for given in ('["KOR", "JPN"]', "[KOR, JPN]"):
        left = changed(BASELINE, [f"countries.exclude={given}"], None)
        assert left.excluded_countries == ("KOR", "JPN")


@pytest.mark.parametrize("stop", ["010", "0x1", "one", "1_0", "true", "1e999"])
def test_a_stop_of_a_lever_is_a_number_like_any_other(stop: str) -> None:
    head = "name: x\nextends: baseline\ntitle: T\ndescription: D\n"
    content = f"{head}levers: {{linkage: {{stops: {{{stop}: here}}}}}}\n"
    with pytest.raises(sim.InputError, match="must have numbers as keys"):
        load_scenario_text(content, folder=FOLDER)


@pytest.mark.parametrize("given", [10**400, -(10**310)])
def test_whole_numbers_beyond_all_bounds_are_refused_in_python_too(given: int) -> None:
    with pytest.raises(sim.InputError, match="must be at"):
        BASELINE.with_changes({LINKAGE: given})
    with pytest.raises(sim.InputError, match="must be a finite number"):
        sim.Design.grid({LINKAGE: [given]})
    with pytest.raises(sim.InputError, match="must be a finite number"):
        sim.Design.table({LINKAGE: [given]})
    with pytest.raises(sim.InputError, match="must be rows of numbers"):
        sim.Design((LINKAGE,), [[given]])  # type: ignore[arg-type]
    with pytest.raises(sim.InputError, match="must be two numbers"):
        sim.Design.latin_hypercube({LINKAGE: (0, given)}, 4)
