"""``alignsim verify`` and `sim.verify`: the table, the failures, the exit status."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import sim
from shell import Shell
from sim.analysis.patterns import table as patterns
from sim.analysis.patterns.record import ObservedStatistic
from sim.analysis.patterns.registry import PATTERNS
from sim.analysis.patterns.words import NO_ERROR
from sim.analysis.verification import registry
from sim.analysis.verification.check import Check, CheckResult, number_within
from sim.analysis.verification.registry import CHECKS
from sim.analysis.verification.verifying import COLUMNS

# Quick ones, of three groups.
SOUND = tuple(c for c in CHECKS if c.name in ("identity", "threshold-1-made-2", "places"))


def two_and_two() -> CheckResult:
    return number_within(4.0, 5.0, 0.5)


BROKEN = Check("sum", "Arithmetic", "2 + 2", "Peano 1889", two_and_two)


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "CHECKS", SOUND)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "CHECKS", (SOUND[0], BROKEN, *SOUND[1:]))


@pytest.mark.usefixtures("sound")
def test_the_table_shows_each_check_under_its_group(shell: Shell) -> None:
    said = shell("verify")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["check", "source", "must", "be", "found", "tolerance"]
    for check in SOUND:
        place = lines.index(check.group)
        assert lines[place + 1].split()[0] == check.name
        assert check.source in lines[place + 1]
        assert lines[place + 1].endswith("passed")
    assert lines[-1] == "All 3 checks passed."
    assert said.err.splitlines()[-3:] == [f"Checking {c.group.lower()} ..." for c in SOUND]


@pytest.mark.usefixtures("broken")
def test_a_check_that_fails_is_marked_and_the_status_says_so(shell: Shell) -> None:
    said = shell("verify")
    assert said.status == 1
    (row,) = (line for line in said.out.splitlines() if "FAILED" in line)
    assert row.split() == ["sum", "Peano", "1889", "4.00000", "5.00000", "0.5", "FAILED"]
    assert said.out.count("passed") == len(SOUND)
    assert "1 of 4 checks failed: sum.\nDo not use results" in said.out


@pytest.mark.usefixtures("broken")
def test_data_for_machines_have_every_check(shell: Shell) -> None:
    said = shell("verify", "--json")
    assert (said.status, said.err) == (1, "")
    assert (said.data["passed"], said.data["n_failed"]) == (False, 1)
    assert [row["check"] for row in said.data["checks"]] == [
        "identity", "sum", "threshold-1-made-2", "places"
    ]  # fmt: skip
    row = said.data["checks"][1]
    assert list(row) == list(COLUMNS)
    assert (row["must_be"], row["found"], row["passed"]) == ("4.00000", "5.00000", False)
    assert (row["deviation"], row["tolerance"]) == (1.0, 0.5)


@pytest.mark.usefixtures("broken")
def test_python_gets_a_table_and_the_names_of_what_failed() -> None:
    steps = []
    found = sim.verify(lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (found.has_passed, found.failed) == (False, ("sum",))
    assert isinstance(found.table, pd.DataFrame)
    assert found.table["passed"].tolist() == [True, False, True, True]
    assert repr(found) == "<Verification: 3 of 4 checks passed>"


def test_a_check_that_cannot_be_computed_has_failed_and_the_others_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def divide() -> CheckResult:
        return number_within(1.0, 1 // 0, 0.5)

    impossible = Check("quotient", "Arithmetic", "1 / 0", "Peano 1889", divide)
    monkeypatch.setattr(registry, "CHECKS", (impossible, SOUND[0]))
    found = sim.verify()
    assert found.failed == ("quotient",)
    assert found.table["found"][0].startswith("ZeroDivisionError: ")


@pytest.mark.usefixtures("sound")
def test_progress_must_be_a_function() -> None:
    with pytest.raises(sim.InputError, match="progress must be a function, not a str"):
        sim.verify("loud")  # type: ignore[arg-type]


@pytest.mark.usefixtures("sound")
def test_some_checks_are_run_by_name() -> None:
    steps: list[tuple[int, int]] = []
    names = [check.name for check in SOUND]
    found = sim.verify(lambda done, total: steps.append((done, total)), only=[names[1]])
    assert found.table["check"].tolist() == [names[1]]
    assert steps == [(1, 1)]
    with pytest.raises(sim.InputError, match=f"no check 'x{names[0]}'.\n  Did you mean"):
        sim.verify(only=[names[0], f"x{names[0]}"])
    with pytest.raises(sim.InputError, match=r"must be a list of names.\n  Write \['"):
        sim.verify(only=names[0])


@pytest.fixture
def two_patterns(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """A table in which the first pattern does not hold and the second does, on record too."""
    known = {pattern.name: pattern for pattern in PATTERNS}
    found = pd.DataFrame(
        [
            patterns.row_of(known["hedging"], np.repeat([0.1, 0.2, 0.3], 4), None),
            patterns.row_of(
                known["allies-early"],
                np.tile([-4.0, -2.0, np.nan, np.nan], 8),
                ObservedStatistic({"artemis_accords": -3.4, "clean_network": 1.0}),
            ),
        ]
    )

    def made(progress: Callable[[int, int], None] | None = None) -> pd.DataFrame:
        if progress is not None:
            progress(2, 2)
        return found

    monkeypatch.setattr(patterns, "pattern_table", made)
    return found


@pytest.mark.usefixtures("two_patterns")
def test_a_pattern_that_does_not_hold_is_told_and_is_no_failure(shell: Shell) -> None:
    said = shell("verify", "--patterns")
    assert said.status == 0
    hedging, allies, summary = said.out.split("\n\n")
    assert hedging.startswith(
        "hedging: DOES NOT HOLD\n  Most states outside the two blocs hedge.\n"
    )
    assert hedging.endswith(
        "  Simulated 0.20 (0.10 to 0.30), must be above 0.5; in 0 % of 12 futures."
    )
    assert allies.startswith("allies-early: holds\n")
    assert "Simulated -3.0 (-4.0 to -2.0), must be below 0; in 100 % of 16 futures." in allies
    assert allies.endswith("  On record -1.2, shown by 1 of 2 programmes.")
    assert summary.startswith("1 of 2 patterns hold in the simulations; not hedging.\n")
    assert NO_ERROR in " ".join(summary.split())
    assert max(map(len, said.out.splitlines())) <= 96
    assert said.err.startswith("Simulating 1,000 futures of each scenario")


def test_patterns_for_machines(shell: Shell, two_patterns: pd.DataFrame) -> None:
    said = shell("verify", "--patterns", "--json")
    assert (said.status, said.err, said.data["n_holding"]) == (0, "", 1)
    assert [row["pattern"] for row in said.data["patterns"]] == ["hedging", "allies-early"]
    row = said.data["patterns"][0]
    assert list(row) == list(patterns.COLUMNS) == two_patterns.columns.tolist()
    assert (row["holds"], row["on_record"], row["record_holds"]) == (False, None, None)


def test_help_says_what_the_exit_status_means(shell: Shell) -> None:
    said = shell("verify", "--help")
    assert "--patterns" in said.out
    assert "whether or not they" in said.out
