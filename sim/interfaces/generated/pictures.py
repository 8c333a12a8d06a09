"""Pictures of docs/evidence.md: charts of the registry as SVG, for light and for dark pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.interfaces.charts import CHARTS, chart
from sim.interfaces.pictures import svg_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.analysis.evidence import Evidence

SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class ChartPicture:
    """One chart on the page.

    Parameters
    ----------
    name : str
        Of its files, before the scheme.
    chart : str
        Name among `CHARTS`.
    width : int
        Pixels; panels of a fixed size have their own.
    choices : mapping
        See `Chart.choices`.
    """

    name: str
    chart: str
    width: int = 720
    choices: Mapping[str, Any] = field(default_factory=dict)


# In the order of the page, by the section that each stands in.
PICTURES = {
    "skill": (
        ChartPicture("auc", "skill"),
        ChartPicture("log-score", "skill", choices={"score": "log_score_at_count"}),
    ),
    "programmes": (ChartPicture("uptake", "programme_uptake"),),
    "curve": (ChartPicture("calibration", "calibration", width=480),),
    "numbers": (ChartPicture("numbers", "estimates"),),
}


def svg(evidence: Evidence, picture: ChartPicture, scheme: str) -> str:
    """Return a picture as SVG."""
    spec = chart(evidence, picture.chart, is_dark=scheme == "dark", **picture.choices)
    return svg_of(spec, picture.width)


def svg_files(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each picture, in both schemes."""
    for pictures in PICTURES.values():
        for picture in pictures:
            for scheme in SCHEMES:
                yield f"{picture.name}-{scheme}.svg", svg(evidence, picture, scheme)


def markup(section: str) -> str:
    """Return what shows the pictures of a section, each as the page of its reader has it."""
    return "\n\n".join(_shown(picture) for picture in PICTURES[section])


def _shown(picture: ChartPicture) -> str:
    one = CHARTS[picture.chart]
    dark, light = (f"evidence/{picture.name}-{scheme}.svg" for scheme in ("dark", "light"))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img src="{light}" alt="{one.title}. {one.says}"></picture>\n\n*{one.title}. {one.says}*'
    )
