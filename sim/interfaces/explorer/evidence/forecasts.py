"""What the Evidence page shows of forecasts: their skill, their calibration, uptake, surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.analysis.evidence import (
    CHARTED_SCORES,
    SCORES,
    calibration_table,
    skill_table,
)
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.link_choices import choice
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.tables.columns import printed
from sim.interfaces.shipped_documents import generated_part
from sim.words.evidence import HOW_FORECAST, SCORES_EXPLAINED, WHICH_IS_BETTER
from sim.words.text import escaped, readable
from sim.words.titles import programme_title
from sim.words.wording import with_capital

if TYPE_CHECKING:
    from sim.analysis.evidence import Evidence
    from sim.interfaces.charts.palette import Theme

_PROGRAMME = "evidence.programme"
_FIRST = "openai-for-countries"
# Columns of the surprise index, as readers know them.
_SURPRISE = {
    "month": "month",
    "programme": "programme",
    "n_answers": "answers",
    "surprise": "surprise",
    "expected": "expected",
    "z": "standard deviations above",
}


def show_forecasts(evidence: Evidence, theme: Theme) -> None:
    """Draw all that forecasts of earlier programmes are judged by."""
    _show_skill(evidence, theme)
    _show_calibration(evidence, theme)
    _show_uptake(evidence, theme)
    _show_surprise(evidence)


def _show_skill(evidence: Evidence, theme: Theme) -> None:
    st.header("How well it foretells earlier programmes", anchor=False)
    st.caption(HOW_FORECAST)
    st.markdown(generated_part("evidence", "verdict"))
    drawn = []
    for place, score in zip(st.columns(2, gap="medium"), CHARTED_SCORES, strict=True):
        with place:
            st.markdown(f"**{_heading(score)}**")
            drawn.append(show_chart("skill", evidence, theme, f"skill.{score}", score=score))
    st.caption(
        "Dots: means over programmes; lines: 90 % intervals by resampling programmes. "
        f"{SCORES_EXPLAINED}"
    )
    st.dataframe(
        printed(_shown_skill(evidence)),
        hide_index=True,
        height="content",
        column_config={
            title: st.column_config.NumberColumn(format="%.1f" if name == "count_crps" else "%.3f")
            for name, title in SCORES.items()
        },
        key="skill",
    )
    st.caption(
        f"Click a heading to sort. {WHICH_IS_BETTER} The document on evidence explains each score."
    )
    offer_csv(lambda: skill_table(evidence), "skill", "CSV of the scores", pictures=drawn)


def _heading(score: str) -> str:
    title = SCORES[score]
    return with_capital(title)


def _shown_skill(evidence: Evidence) -> pd.DataFrame:
    """Return the table of scores for reading: intervals are words, and beside two scores only."""
    table = skill_table(evidence)
    columns: dict[str, Any] = {"forecaster": table["forecaster"]}
    for score, title in SCORES.items():
        columns[title] = table[title]
        if score in CHARTED_SCORES:
            ends = table[[f"{title}, 90 % low", f"{title}, 90 % high"]].to_numpy()
            columns[f"{title}, 90 %"] = [f"{low:.3f} to {high:.3f}" for low, high in ends]
    return pd.DataFrame(columns)


def _show_calibration(evidence: Evidence, theme: Theme) -> None:
    st.header("When the model says so many in a hundred", anchor=False)
    chart, words = st.columns(2, gap="medium")
    with chart:
        drawn = show_chart("calibration", evidence, theme)
    with words:
        st.caption(
            "All countries of all programmes, in tenths by what was forecast. Dots: the share that "
            "joined; lines: its 90 % interval, countries taken as independent; dashed: as many "
            "joined as were forecast. Below the dashed line the model expects too many."
        )
        offer_csv(
            lambda: calibration_table(evidence), "calibration", "CSV of the curve", pictures=[drawn]
        )


def _show_uptake(evidence: Evidence, theme: Theme) -> None:
    st.header("Joiners of each programme, forecast and on record", anchor=False)
    titles = evidence.titles
    first = _FIRST if _FIRST in titles else next(iter(titles))
    chosen = choice(_PROGRAMME, titles, first)

    def take(name: str | None) -> None:
        session.set_detail(_PROGRAMME, name or first, first)

    st.selectbox(
        "Programme",
        list(titles),
        format_func=lambda name: titles.get(name, name),
        **session.controlled(_PROGRAMME, chosen, take),
    )
    months = evidence.uptake[evidence.uptake["scenario"] == chosen]
    last = months.iloc[-1]
    says = (
        "Coloured line: mean of the forecast made at the launch; band: 90 % of the futures. "
        "Stepped line: on record."
    )
    if len(months) == 1:
        says = "Coloured dot: mean of the forecast; line: 90 % of the futures; on record beside it."
    says += (
        f" By {last['month']}, {last['on_record']:.0f} had joined where "
        f"{last['forecast_mean']:.0f} were expected ({last['forecast_low']:.0f} to "
        f"{last['forecast_high']:.0f})."
    )
    st.caption(escaped(readable(says)))
    drawn = show_chart("programme_uptake", evidence, theme, programme=chosen)
    label = "CSV of the joiners of all programmes"
    offer_csv(lambda: evidence.uptake, "uptake", label, pictures=[drawn])


def _show_surprise(evidence: Evidence) -> None:
    """Show how far the newest answers surprise the model, where that has been worked out."""
    if evidence.surprise is None:
        return
    st.header("Surprise index: has something changed?", anchor=False)
    table = evidence.surprise
    shown = table[list(_SURPRISE)].rename(columns=_SURPRISE)
    # A row without a programme is about the whole month.
    shown["programme"] = [
        "all programmes" if pd.isna(name) else programme_title(str(name))
        for name in shown["programme"]
    ]
    st.dataframe(
        printed(shown),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.2f")
            for name in ("surprise", "expected", "standard deviations above")
        },
        key="surprise",
    )
    st.caption(
        "Surprise: the log score of the answers of a month under what was predicted before. "
        "Expected: what it would be if the predictions were true. A surprise far above it is a "
        "sign that countries no longer decide as they did."
    )
    offer_csv(lambda: table, "surprise", "CSV of the surprise index")
