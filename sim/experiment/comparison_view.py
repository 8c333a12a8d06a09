"""What a comparison shows: its tables, and what they say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.comparison_tables import ComparisonTables

if TYPE_CHECKING:
    from sim.experiment.summaries.run import Summary


class ComparisonView(ComparisonTables):
    """A comparison whose tables can be summed up in words."""

    def summary(self) -> Summary:
        """Return what the comparison says, in words; `str` of it is plain text."""
        from sim.experiment.summaries.comparison import summarise_comparison

        return summarise_comparison(self)
