"""Columns that several tables share."""

from __future__ import annotations

from sim.experiment.tables.table import Column

SCENARIO = Column("scenario", "string", "", "Name of the scenario.")
MONTH = Column("month", "yearmonth", "month", "Month; values hold at its end.")
COUNTRY = Column("country", "string", "ISO3 code", "Country that decides; XKX is Kosovo.")
PROVIDER = Column("provider", "string", "", "Short name of the provider.")
OFFER = Column("offer", "string", "", "Offer, as provider_offer.")
PATH = Column(
    "path",
    "string",
    "",
    "Path: uncommitted, sovereign (sovereign AI alone), an offer, or two offers joined by _and_.",
)
MEAN = Column("mean", "number", "as the outcome", "Mean over futures.")
_ERROR = (
    "Monte Carlo standard error of the mean; draws of the uncertain numbers are the independent "
    "units. Empty with fewer than two draws."
)
MEAN_SE = Column("mean_se", "number", "as the outcome", _ERROR)
VARIANCE = Column(
    "variance_from_parameters_share",
    "number",
    "share 0-1",
    "Share of the variance over futures that is due to the uncertain numbers; the rest is chance. "
    "Empty with fewer than two draws of the numbers.",
)


def error_column(name: str, unit: str) -> Column:
    """Return the column of the Monte Carlo standard error of a mean, beside the column `name`."""
    return Column(f"{name}_se", "number", unit, _ERROR)


def quantile_column(probability: float, unit: str = "as the outcome", of: str = "") -> Column:
    """Return the column of a quantile over futures, named p05 to p95, after `of` if given."""
    percent = f"{100 * probability:02.0f}"
    name = f"{of}_p{percent}" if of else f"p{percent}"
    what = f" of {of}" if of else ""
    text = f"Quantile {percent} % over futures{what}, including parameters and chance."
    return Column(name, "number", unit, text)
