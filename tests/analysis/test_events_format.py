"""The one format of events tables, through both commands that read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import documents
import sim
from sim.analysis.history.answers import YES
from sim.analysis.history.contradictions import ACT
from sim.analysis.history.events_table import LARGEST_MIB, NEEDED, OUTSIDE, READ
from sim.analysis.history.left_out import NO_DECISION
from sim.data import load_facts

SCENARIOS_PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
PROGRAMME = "openai-for-countries"
HEADER = "iso3,date,event,programme,kind,confidence,detail,note\n"
TAIL = "openai_for_countries,infrastructure,high,,"
GOOD = f"{HEADER}KOR,2025-06-01,signed,{TAIL}\nFRA,2025-07,joined,{TAIL}\n"
FUTURES = 8

Command = Callable[[Path], dict[str, int]]


def backtested(path: Path) -> dict[str, int]:
    """Return how many joined, and how many rows were left out because they decide nothing."""
    found = sim.backtest(PROGRAMME, path, replicates=FUTURES, rivals=False)
    n_joined = int(found.answers.has_joined.sum())
    return {"joined": n_joined, "outside": found.left_out.get(NO_DECISION, 0)}


@pytest.fixture(params=["backtest", "score"])
def command(request: pytest.FixtureRequest, frozen: sim.Ledger) -> Command:
    """Both uses of an events table; each says how many countries joined, as far as it tells."""

    def scored(path: Path) -> dict[str, int]:
        table = sim.score_forecasts(path, frozen.path.parent, "2026-04").table
        row = table[(table["months"] == 6) & (table["provider"] == "us")].iloc[0]
        return {"joined": int(row["n_observed"])}

    return backtested if request.param == "backtest" else scored


def written(folder: Path, text: str) -> Path:
    path = folder / "events.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "the table is empty.\n  Write a header and one row for each answer."),
        (HEADER + ",,,,,,,\n", 0, "the events table has no rows.\n  Add one row"),
        (HEADER.replace(",", ";"), 1, "seem to be separated by ';'.\n  Save the table with commas"),
        (HEADER.replace(",", "\t"), 1, r"seem to be separated by '\t'"),
        (
            HEADER.replace("date", "dates"),
            1,
            "date is missing.\n  If the column dates is date, re",
        ),
        (
            HEADER.replace("date", "dates").replace("iso3", "code"),
            1,
            "iso3 and date are missing.\n  If the column dates is date, rename it. The",
        ),
        (HEADER.replace("note", "kind"), 1, "the column kind stands twice.\n  Keep one"),
        (f'{GOOD}JPN,"2025-06,signed,{TAIL}\n', 4, "this is not plain CSV"),
        (GOOD + "JPN,2025-06,signed\n", 4, "the row has 3 cells, the header 8."),
        (f"{GOOD},2025-06,signed,{TAIL}\n", 4, "iso3 = '' must have a value.\n  Write the three-"),
        (
            f"{GOOD}kor,2025-08,signed,{TAIL}\n",
            4,
            "iso3 = 'kor' must be in capitals.\n  Write KOR.",
        ),
        (
            f"{GOOD}mac,2025-08,signed,{TAIL}\n",
            4,
            "iso3 = 'mac' must be in capitals.\n  Write MAC.",
        ),
        (f"{GOOD}Brazil,2025-06,signed,{TAIL}\n", 4, "code of a country.\n  Write BRA (Brazil)."),
        (
            f"{GOOD}KRO,2025-06,signed,{TAIL}\n",
            4,
            "is not a country of the data.\n  Did you mean 'K",
        ),
        (
            f"{GOOD}EU,2025-06,signed,{TAIL}\n",
            4,
            "is a group of countries.\n  Give each member a r",
        ),
        (f"{GOOD}JPN,May,signed,{TAIL}\n", 4, "YYYY-MM-DD.\n  Write YYYY, YYYY-MM or YYYY-MM-DD."),
        (f"{GOOD}JPN,2025-02-30,signed,{TAIL}\n", 4, "date = '2025-02-30' is not a day of the cal"),
        (f"{GOOD}VAT,2025-02-30,signed,{TAIL}\n", 4, "date = '2025-02-30' is not a day of the cal"),
        (
            f"{GOOD}JPN,2025-06,sinned,{TAIL}\n",
            4,
            "voted_no, abstained, invited_not_joined.\n  Did",
        ),
        (f"{GOOD}JPN,2025-06,,{TAIL}\n", 4, "event = '' must have a value.\n  Known are: abstain"),
        (
            GOOD + "JPN,2025-06,signed,openai_for_countries,servces,high,,\n",
            4,
            "equipment, classification.\n  Did you mean 'services'?",
        ),
        (
            GOOD + "JPN,2025-06,signed,openai_for_countries,services,hihg,,\n",
            4,
            "confidence = 'hihg' must be one of high, medium, low.\n  Did you mean 'high'?",
        ),
        (
            f"{GOOD} KOR ,2025-06-01, signed,{TAIL}\n",
            4,
            "repeats line 2: KOR signed on 2025-06-01.",
        ),
        (
            f"{GOOD}MAC,2025-06,joined,{TAIL}\n" + f"MAC,2025-06,joined,{TAIL}\n",
            5,
            "repeats line 4",
        ),
        (f"{GOOD}KOR,2025-08,signed,{TAIL}\n", 4, "line 2 has signed on 2025-06-01: two dates for"),
        (
            f"{GOOD}FRA,2025-08,declined,{TAIL}\n",
            4,
            "line 3 has joined on 2025-07: a country can r",
        ),
    ],
)
def test_both_commands_refuse_a_table_in_the_same_words(
    command: Command, tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(sim.InputError) as told:
        command(path)
    (problem,) = told.value.problems
    assert (problem.file, problem.line) == (str(path), line)
    assert words in str(problem)
    assert problem.remedy
    # Only a date can be mended by writing a date.
    assert ("Write YYYY" in problem.remedy) == (problem.message.startswith("date ="))


def test_both_commands_name_all_that_is_wrong(command: Command, tmp_path: Path) -> None:
    text = f"{GOOD}KRO,May,signed,{TAIL}\nJPN,2025\nKOR,2025-06-01,signed,{TAIL}\n"
    with pytest.raises(sim.InputError) as told:
        command(written(tmp_path, text))
    assert [problem.line for problem in told.value.problems] == [4, 4, 5, 6]


def test_both_commands_pass_over_what_does_not_matter(command: Command, tmp_path: Path) -> None:
    header = "\N{ZERO WIDTH NO-BREAK SPACE}iso3, date ,event,programme,kind,confidence,x,x\n"
    row = "openai_for_countries,infrastructure,"
    text = (
        f'{header}\n KOR ,2025-06-01\t,signed , {row},,\n,,,,,,,\nFRA,2025-07,joined,{row}high,"a\n'
    )
    found = command(written(tmp_path, text + f'b",\nJPN,2025-06,joined,{row}low,,\n'))
    # An empty confidence is high, so Korea counts; Japan does not.
    assert found["joined"] == 2


def test_both_commands_take_places_that_decide_nothing(command: Command, tmp_path: Path) -> None:
    rows = "".join(f"{code},2025-06,joined,{TAIL}\n" for code in sorted(OUTSIDE))
    found = command(written(tmp_path, GOOD + rows))
    assert found["joined"] == 2
    assert found.get("outside", len(OUTSIDE)) == len(OUTSIDE)
    assert set(load_facts().events["iso3"]) - set(load_facts().countries.index) <= OUTSIDE


def test_a_table_of_such_places_alone_has_rows(frozen: sim.Ledger, tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}VAT,2025-06,joined,{TAIL}\n")
    assert not sim.score_forecasts(path, frozen.path.parent, "2026-04").answers["has_signed"].any()
    with pytest.raises(sim.InputError, match="nobody who was asked joined openai_for_countries"):
        backtested(path)


@pytest.mark.parametrize("column", ACT)
def test_rows_that_differ_as_acts_do_repeat_nothing(
    command: Command, tmp_path: Path, column: str
) -> None:
    cells = {"kind": "infrastructure", "detail": "memorandum", "note": "first"}
    other = cells | {column: "services" if column == "kind" else "another"}
    rows = [
        f"KOR,2025-06,signed,openai_for_countries,{act['kind']},high,{act['detail']},{act['note']}\n"
        for act in (cells, other)
    ]
    assert command(written(tmp_path, HEADER + "".join(rows)))["joined"] == 1


@pytest.mark.parametrize("event", sorted(YES))
def test_one_list_says_what_counts_as_joining(command: Command, tmp_path: Path, event: str) -> None:
    assert command(written(tmp_path, f"{HEADER}KOR,2025-06,{event},{TAIL}\n"))["joined"] == 1


def test_an_agreement_of_a_part_of_a_country_counts_in_backtests_alone(
    frozen: sim.Ledger, tmp_path: Path
) -> None:
    tail = TAIL.replace("high,,", "high,subnational,")
    path = written(tmp_path, f"{HEADER}KOR,2025-06,signed,{tail}\n")
    assert not sim.score_forecasts(path, frozen.path.parent, "2026-04").answers["has_signed"].any()
    assert backtested(path)["joined"] == 1


def test_both_commands_refuse_a_file_that_is_too_large(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_MIB * 2**20 + 1)
    with pytest.raises(sim.InputError, match="the file is larger than 32 MiB"):
        command(path)


def test_both_commands_refuse_what_they_cannot_read(command: Command, tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match=r"nothing\.csv: the table is missing\.\n  Check"):
        command(tmp_path / "nothing.csv")
    with pytest.raises(sim.InputError, match=r"cannot be read \(.+\)\.\n  Check"):
        command(tmp_path)
    path = tmp_path / "events.csv"
    path.write_bytes(b"iso3,date,event\nKOR,2025,sign\xff\n")
    with pytest.raises(sim.InputError, match=r"cannot be read as UTF-8 text\.\n  Save it"):
        command(path)


def test_both_commands_accept_the_example_of_the_page(command: Command, tmp_path: Path) -> None:
    header = "iso3,date,event,programme,kind,confidence\n"
    blocks = (block.text for block in documents.code_blocks(SCENARIOS_PAGE))
    (example,) = (text for text in blocks if text.startswith(header))
    # The scored offer is infrastructure, which one row accepts; a backtest counts any acceptance.
    assert command(written(tmp_path, example))["joined"] == (3 if command is backtested else 1)


def test_the_page_lists_every_column_and_word() -> None:
    page = SCENARIOS_PAGE.read_text("utf-8")
    section = page.split("### Events tables\n")[1].split("\n## ")[0]
    rows = {line.split("|")[1]: line for line in section.splitlines() if line.startswith("| `")}
    assert set(READ) == {name.strip(" `") for cell in rows for name in cell.split(",")}
    assert all("needed" in rows[f" `{name}` "] for name in NEEDED)
    records = load_facts().provenance.tables["events"].columns
    for name in ("event", "kind", "confidence"):
        assert all(word in rows[f" `{name}` "] for word in records[name].choices)
    assert all(code in rows[" `iso3` "] for code in OUTSIDE)
    assert f"{LARGEST_MIB} MiB" in section
