"""docs/evidence.md and its pictures, made from the tables beside it: what was scored and estimated.

``python -m sim.interfaces.generated.evidence_page`` makes both anew from the tables as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.rivals.rivals import ASSUMED, RIVALS, TITLES
from sim.analysis.backtests.scoring.calibration import calibration
from sim.analysis.backtests.scoring.measures import SCORING_RULES
from sim.analysis.calibration.numbers import KINDS
from sim.analysis.evidence import AT_COUNT, SCORES, expected_joiners, read_evidence
from sim.analysis.history.programmes import history_scenarios
from sim.data import load_parameters
from sim.interfaces.generated.evidence_sections import (
    leave_one_out,
    one_step,
    surprise,
)
from sim.interfaces.generated.evidence_tables import FOLDER, read_evidence_table
from sim.interfaces.generated.patterns_section import patterns_section
from sim.interfaces.generated.pictures import markup, svg_files
from sim.interfaces.generated.sections import fill_sections, markdown_table
from sim.scenario import load_scenario
from sim.words.wording import percent

PAGE = Path("docs") / "evidence.md"
# The programme that the scenarios are about.
PRESENT = "openai_for_countries"


def _at(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one number of a table."""
    return float(table[column].to_dict()[row])


def _title(forecaster: str) -> str:
    return "**This model**" if forecaster == RULE else TITLES[forecaster]


def _cell(value: float, digits: int = 3) -> str:
    return "" if pd.isna(value) else f"{value:.{digits}f}"


def _verdict(root: Path) -> str:
    """Return the first paragraph: who forecasts best."""
    pooled, scores = read_evidence_table(root, "pooled"), read_evidence_table(root, "scores")
    origin = json.loads((root / FOLDER / "origin.json").read_text("utf-8"))
    by = pooled.pivot_table(index="forecaster", columns="score", values="value")
    own = pooled[pooled["forecaster"] == RULE].set_index("score")
    rivals = by.loc[list(RIVALS)]
    best_auc, best_log = str(rivals["auc"].idxmax()), str(rivals[AT_COUNT].idxmin())
    text = (
        f"Over {origin['backtests']} programmes, each forecast from its launch with what was known "
        f"then, this model has a mean AUC of {_at(by, RULE, 'auc'):.3f} and a mean log score of "
        f"{_at(by, RULE, AT_COUNT):.3f} once the count is right. The best simple rivals have "
        f"{_at(by, best_auc, 'auc'):.3f} ({RIVALS[best_auc].title.lower()}) and "
        f"{_at(by, best_log, AT_COUNT):.3f} ({RIVALS[best_log].title.lower()}), a constant at "
        f"the true share {_at(own, AT_COUNT, 'reference'):.3f}."
    )
    text += f" {_counted(root, own, by)}"
    text += f" {_rivals_that_win(by)} {_on_the_present(scores)}"
    lost = _lost(scores)
    if lost:
        text += (
            f" In {len(lost)} programmes some rival has the better log score at the right count: "
            f"{'; '.join(lost)}."
        )
    return text


def _rivals_that_win(by: pd.DataFrame) -> str:
    """Return which rivals have the better means."""
    gap = by[["auc", AT_COUNT]].loc[list(RIVALS)] - by.loc[RULE, ["auc", AT_COUNT]]
    ranks = [TITLES[name].lower() for name in RIVALS if _at(gap, name, "auc") > 0]
    scores = [TITLES[name].lower() for name in RIVALS if _at(gap, name, AT_COUNT) < 0]
    return (
        f"**Better than the model: on the AUC {', '.join(ranks) or 'no rival'}; on the log score "
        f"at the right count {', '.join(scores) or 'no rival'}.**"
    )


def _on_the_present(scores: pd.DataFrame) -> str:
    """Return how the programme that the scenarios are about was foretold."""
    own = scores[scores["programme"] == PRESENT]
    by = own.pivot_table(index="forecaster", columns="score", values="value")
    best = str(by.loc[list(RIVALS), "auc"].idxmax())
    return (
        f"On OpenAI for Countries itself the model has an AUC of {_at(by, RULE, 'auc'):.3f} and a "
        f"log score of {_at(by, RULE, AT_COUNT):.3f} at the right count; the best rival by AUC, "
        f"{TITLES[best].lower()}, has {_at(by, best, 'auc'):.3f} and "
        f"{_at(by, best, AT_COUNT):.3f}, the model as first assumed "
        f"{_at(by, ASSUMED, 'auc'):.3f} and {_at(by, ASSUMED, AT_COUNT):.3f}."
    )


def _counted(root: Path, own: pd.DataFrame, by: pd.DataFrame) -> str:
    """Return how the number of joiners was foretold, which the score above leaves out."""
    found = expected_joiners(read_evidence_table(root, "uptake"))
    skill, low, high = (_at(own, "log_skill", column) for column in ("value", "low", "high"))
    best = str(by.loc[list(RIVALS), "log_score"].idxmin())
    constant = _at(own, "log_score", "reference")
    saved = 1.0 - _at(own, "log_score", "value") / constant
    return (
        f"**It expects too many:** {found.forecast:.0f} joiners where {found.on_record:.0f} are on "
        f"record, more than there were in {found.n_above} of {found.programmes} "
        f"programmes. Without setting the count right its mean log score is "
        f"{_at(by, RULE, 'log_score'):.3f}, where the best rival has "
        f"{_at(by, best, 'log_score'):.3f} ({TITLES[best].lower()}) and the base rate of earlier "
        f"programmes {_at(by, 'base_rate', 'log_score'):.3f}. That is {percent(saved)} less than "
        f"the {constant:.3f} of a constant at the true share; but skill is the share saved in each "
        f"programme, and its mean over programmes is {skill:+.2f} ({low:+.2f} to {high:+.2f}): "
        "where few joined, the constant is hard to beat, and a loss there counts as much as a gain "
        "elsewhere."
    )


def _lost(scores: pd.DataFrame) -> list[str]:
    """Return the programmes in which a rival has the better log score at the right count."""
    part = scores[scores["score"] == AT_COUNT]
    best = part[part["forecaster"] != ASSUMED]
    best = best.loc[best.groupby("scenario")["value"].idxmin()]
    titles = {scenario.name: scenario.title for scenario in history_scenarios()}
    return sorted(titles[name] for name in best[best["forecaster"] != RULE]["scenario"])


def _skill(root: Path) -> str:
    """Return the table of forecasters, and what each score means."""
    pooled = read_evidence_table(root, "pooled")
    rows = []
    for name in pooled["forecaster"].unique():
        own = pooled[pooled["forecaster"] == name].set_index("score")
        cells = []
        for score in SCORES:
            value, low, high = (_at(own, score, part) for part in ("value", "low", "high"))
            if score == "count_covered":  # all or none would have an interval without width
                n = _at(own, score, "programmes")
                cells.append(f"{value * n:.0f} of {n:.0f}")
            else:
                cells.append(f"{_cell(value)} ({_cell(low)} to {_cell(high)})")
        rows.append([_title(str(name)), *cells])
    meanings = "\n".join(
        f"- **{title}.** {SCORING_RULES[score].meaning}" for score, title in SCORES.items()
    )
    table = markdown_table(rows, ["forecaster", *(title for _, title in SCORES.items())])
    return f"{table}\n\n{meanings}"


def _against(root: Path) -> str:
    """Return the difference to each rival, with intervals by resampling programmes."""
    pooled = read_evidence_table(root, "pooled")
    rows = []
    for name in TITLES:
        own = pooled[pooled["forecaster"] == name].set_index("score")
        cells = [
            f"{_at(own, score, 'model_less_value'):+.3f} "
            f"({_at(own, score, 'model_less_low'):+.3f} to "
            f"{_at(own, score, 'model_less_high'):+.3f})"
            for score in ("auc", AT_COUNT, "log_score")
        ]
        rows.append([TITLES[name], *cells])
    heads = ["model less rival", *(SCORES[score] for score in ("auc", AT_COUNT, "log_score"))]
    return markdown_table(rows, heads)


def _programmes(root: Path) -> str:
    """Return one row for each programme that was forecast."""
    scores, uptake = read_evidence_table(root, "scores"), read_evidence_table(root, "uptake")
    rows = []
    for name in scores["scenario"].unique():
        part = scores[scores["scenario"] == name]
        own = part[part["forecaster"] == RULE].set_index("score")
        at_count = part[part["score"] == AT_COUNT].set_index("forecaster")["value"]
        best = str(at_count[list(RIVALS)].idxmin())
        months = uptake[uptake["scenario"] == name]
        last = months.iloc[-1]
        scenario = load_scenario(root / "scenarios" / "history" / f"{name}.yaml")
        rows.append(
            [
                scenario.title,
                str(own["kind"].iloc[0]),
                str(months["month"].iloc[0]),
                f"{last['on_record']:.0f}",
                f"{last['forecast_mean']:.0f} ({last['forecast_low']:.0f} to "
                f"{last['forecast_high']:.0f})",
                _cell(_at(own, "auc", "value")),
                _cell(_at(own, AT_COUNT, "value")),
                f"{_cell(at_count[best])} ({RIVALS[best].title.lower()})",
                _cell(_at(own, AT_COUNT, "reference")),
            ]
        )
    heads = [
        "programme", "kind", "watched from", "joined", "forecast (90 %)", SCORES["auc"],
        SCORES[AT_COUNT], "best rival", "constant",
    ]  # fmt: skip
    return markdown_table(rows, heads)


def _curve(root: Path) -> str:
    """Return the calibration curve: how often countries joined by what was forecast."""
    chances = read_evidence_table(root, "chances")
    curve = calibration(chances["has_joined"].to_numpy(bool), chances[f"p_{RULE}"].to_numpy())
    rows = [
        [f"{row.predicted:.0%}", f"{row.observed:.0%}", f"{row.low:.0%} to {row.high:.0%}",
         str(row.countries)]
        for row in curve.itertuples()
    ]  # fmt: skip
    return markdown_table(rows, ["forecast", "joined", "90 % interval", "countries"])


def _numbers(root: Path) -> str:
    """Return what is estimated, by kind, and how far the record tells it."""
    numbers = read_evidence_table(root, "numbers")
    rows = []
    for name in numbers["number"].unique():
        own = numbers[numbers["number"] == name].set_index("kind")
        whole = own.loc["all"]
        kinds = [
            f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
            for row in (own.loc[kind] for kind in KINDS)
        ]
        rows.append(
            [
                f"`{name}`",
                f"{whole['mean']:.2f} ({whole['low']:.2f} to {whole['high']:.2f})",
                *kinds,
                str(whole["identification"]),
            ]
        )
    return markdown_table(
        rows, ["number", "all kinds", *(f"{kind}s" for kind in KINDS), "the record, all kinds"]
    )


def _assumed() -> str:
    """Return the parameters that no record informs."""
    from sim.analysis.calibration.numbers import NAMES
    from sim.analysis.calibration.record import RATE

    names = [
        f"`{name}`"
        for name, row in load_parameters().items()
        if name not in (*NAMES, RATE) and row.group != "features"
    ]
    return f"{len(names)} numbers of the rule: {', '.join(names)}."


def sections(root: Path) -> dict[str, str]:
    """Return the generated sections of the page."""
    origin = json.loads((root / FOLDER / "origin.json").read_text("utf-8"))
    spread = (
        f"The intercept of a new programme differs from that of its kind by "
        f"{origin['spread_of_intercepts']:.1f} (standard deviation), the logarithm of its rate of "
        f"reviews by {origin['spread_of_log_rates']:.1f}."
    )
    return {
        "verdict": _verdict(root),
        "skill": f"{markup('skill')}\n\n{_skill(root)}",
        "against": _against(root),
        "programmes": f"{markup('programmes')}\n\n{_programmes(root)}",
        "curve": f"{markup('curve')}\n\n{_curve(root)}",
        "leave_one_out": leave_one_out(root),
        "one_step": one_step(root),
        "surprise": surprise(root),
        "patterns": patterns_section(root),
        "numbers": f"{markup('numbers')}\n\n{_numbers(root)}\n\n{spread}",
        "assumed": _assumed(),
    }


def page_text(root: Path) -> str:
    """Return the text of the page as its tables make it."""
    return fill_sections((root / PAGE).read_text("utf-8"), sections(root))


def write_page(root: Path) -> None:
    """Write docs/evidence.md and its pictures anew."""
    (root / PAGE).write_text(page_text(root), "utf-8", newline="\n")
    for name, text in svg_files(read_evidence(root / FOLDER)):
        (root / FOLDER / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    write_page(Path.cwd())
