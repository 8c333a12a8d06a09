"""What callers from Python may give to calibrate and backtest, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.analysis.history import known_months

PROGRAMME = "bletchley"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_months, "last_month", lambda: "2026-11")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"replicates": 0}, "replicates = 0 must be a whole number from 1 to"),
        ({"replicates": 10.5}, "replicates = 10.5 must be a whole number from 1 to"),
        ({"seed": "x"}, 'seed = "x" must be a whole number from 0 to'),
        ({"workers": 0}, "workers = 0 must be a whole number from 1 to"),
        ({"task": "launch"}, "task = 'launch' is neither from-launch nor one-step-ahead"),
        ({"split": None}, "split = None is neither time nor leave-one-out"),
        ({"as_of": "garbage"}, r'as_of = "garbage" must be a month\.\n  Write it as YYYY-MM'),
        ({"as_of": 2020}, r"as_of = 2020 must be a month"),
        ({"as_of": "2024-01"}, "as_of = 2024-01 is after the launch"),
        ({"as_of": "2027-01"}, "as_of = '2027-01' is in the future"),
        (
            {"split": "leave-one-out", "as_of": "2020-01"},
            r"as_of is for the split time.*\n  Leave as_of out, or choose the other split",
        ),
        ({"start": object()}, "start is for the split leave-one-out"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_a_backtest_says_what_is_wrong_with_an_argument(given: dict[str, Any], words: str) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.backtest(PROGRAMME, **given)


@pytest.mark.parametrize("given", [None, 3, ["artemis-accords"]])
def test_a_backtest_needs_a_programme(given: Any) -> None:
    with pytest.raises(sim.InputError, match=rf"type {type(given).__name__} is no programme"):
        sim.backtest(given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"as_of": "garbage"}, r'as_of = "garbage" must be a month\.\n  Write it as YYYY-MM'),
        ({"as_of": 2020}, "as_of = 2020 must be a month"),
        ({"as_of": "2035-01"}, r"is in the future: .*\n  Give 2026-12 or an earlier month"),
        ({"leave_out": "reaim"}, r"'reaim' must be a list of programmes\.\n  Write \['reaim'\]"),
        ({"leave_out": ["nosuch"]}, "leave_out = 'nosuch' is not a programme that ships"),
        ({"leave_out": [3]}, "leave_out = '3' is not a programme that ships"),
        ({"workers": "two"}, 'workers = "two" must be a whole number'),
    ],
    ids=str,
)
def test_an_estimation_says_what_is_wrong_with_an_argument(
    given: dict[str, Any], words: str
) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.calibrate(**given)
