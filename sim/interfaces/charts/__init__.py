"""Charts as plain Vega-Lite, for pages, reports and notebooks: from what is shown to a dict.

`CHARTS` holds every chart by name; `chart` draws one of a result.
"""

from sim.interfaces.charts.definition import Chart, ChartSubject
from sim.interfaces.charts.registry import CHARTS, chart

__all__ = ["CHARTS", "Chart", "ChartSubject", "chart"]
