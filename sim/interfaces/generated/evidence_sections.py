"""Sections of docs/evidence.md beside the forecasts from the launch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.onestep.scores import AUC, LOG_SCORE, MEANINGS, SKILL
from sim.analysis.backtests.onestep.share import MEANING, SHARE, TITLE
from sim.analysis.backtests.scoring.resampling import interval, resampled_weights
from sim.analysis.evidence import SCORES
from sim.interfaces.generated.evidence_tables import read_evidence_table
from sim.interfaces.generated.sections import markdown_table
from sim.words.titles import programme_title

# Shown of every forecaster, but not of the split that leaves one out.
NOT_SPLIT = "count_covered"
STEP_SHOWN = ((AUC, "AUC"), (LOG_SCORE, "log score"), (SKILL, "skill"))
STEP_TITLES = {RULE: "**This model**", SHARE: TITLE}
N_SURPRISES = 12
HIGH = 3.0  # z that a month would hardly reach if countries decided alone


def _mean(values: pd.Series) -> str:
    """Return a mean over programmes, with its interval by resampling them."""
    known = values.dropna().to_numpy(np.float64)
    weight = resampled_weights(known.size, "programmes")
    low, high = interval(weight @ known / known.size)
    return f"{known.mean():.3f} ({low:.3f} to {high:.3f})"


def leave_one_out(root: Path) -> str:
    """Return the scores when all other programmes are known, beside those of the split in time."""
    left_out, in_time = (
        read_evidence_table(root, "leave_one_out"),
        read_evidence_table(root, "scores"),
    )
    both = set(left_out["programme"]) & set(in_time["programme"])
    rows = []
    for score, title in SCORES.items():
        if score == NOT_SPLIT:
            continue
        pair = [
            table[(table["score"] == score) & table["programme"].isin(both)]
            for table in (in_time[in_time["forecaster"] == RULE], left_out)
        ]
        known, other = (part.set_index("programme")["value"] for part in pair)
        cells = [_mean(known), _mean(other), _mean(other - known)]
        constant = pair[1]["reference"].mean()
        rows.append([title, *cells, "" if pd.isna(constant) else f"{constant:.3f}"])
    heads = ["this model", "split in time", "leave-one-out", "difference", "constant"]
    return f"Over the same {len(both)} programmes:\n\n{markdown_table(rows, heads)}"


def one_step(root: Path) -> str:
    """Return the scores of forecasts one step ahead, and what each means."""
    pooled, each = (
        read_evidence_table(root, "one_step_pooled"),
        read_evidence_table(root, "one_step"),
    )
    rows = []
    for name, title in STEP_TITLES.items():
        own = pooled[pooled["forecaster"] == name].set_index("score").to_dict("index")
        cells = [
            f"{own[score]['value']:.3f} ({own[score]['low']:.3f} to {own[score]['high']:.3f})"
            for score, _ in STEP_SHOWN
        ]
        rows.append([title, *cells])
    table = markdown_table(rows, ["forecaster", *(title for _, title in STEP_SHOWN)])
    skill = each[(each["forecaster"] == RULE) & (each["score"] == SKILL)]
    several = skill[skill["steps"] > 1]
    expected, joined = several["n_expected"].sum(), several["n_joined"].sum()
    text = (
        f"The model is better than the share so far in {int((skill['value'] > 0).sum())} of "
        f"{len(skill)} programmes. {len(skill) - len(several)} of them have one step only, as "
        f"all signed on one day. In the other {len(several)} it expected {expected:.0f} joiners "
        f"step by step, and {joined:.0f} are on record."
    )
    meanings = [f"- **{title}.** {MEANINGS[score]}" for score, title in STEP_SHOWN]
    meanings.append(f"- **{TITLE}** {MEANING}")
    return "\n\n".join([table, text, "\n".join(meanings)])


def surprise(root: Path) -> str:
    """Return the months of programmes that surprised most, and how often z is high."""
    table = read_evidence_table(root, "surprise")
    own = table[table["programme"].notna()]
    months = table[table["programme"].isna()]
    rows = [
        [
            str(row["month"]),
            programme_title(str(row["programme"])),
            f"{row['n_answers']}",
            f"{row['surprise']:.1f}",
            f"{row['expected']:.1f}",
            f"{row['z']:+.1f}",
        ]
        for row in own.sort_values("z", ascending=False).head(N_SURPRISES).to_dict("records")
    ]
    heads = ["month", "programme", "countries at risk", "surprise", "expected", "z"]
    last = months.sort_values("month").tail(12)
    text = (
        f"Of {len(own)} months of programmes, {int((own['z'] > HIGH).sum())} have a z above "
        f"{HIGH:.0f}; of {len(months)} months with all programmes together, "
        f"{int((months['z'] > HIGH).sum())}. The standard deviation of z is "
        f"{own['z'].std():.1f} where 1 would be right. In the last twelve months with answers, "
        f"{last['month'].iloc[0]} to {last['month'].iloc[-1]}, the highest z is "
        f"{last['z'].max():+.1f} and the mean {last['z'].mean():+.1f}."
    )
    return f"{text}\n\n{markdown_table(rows, heads)}"
