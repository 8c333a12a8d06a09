"""What a result shows: its tables, and a summary in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.result_tables import ComparisonTables, RunTables
from sim.notebook.showing import Draws

if TYPE_CHECKING:
    from sim.experiment.summaries.run import Summary


class RunView(RunTables, Draws):
    """A run whose tables can be summarised in words."""

    def summary(self, focus: str | None = None) -> Summary:
        """Return what the run says, in words for a newcomer; `str` of it gives plain text.

        Parameters
        ----------
        focus : str, optional
            ISO3 code of the country to look at closely. If not given: South Korea, if it takes
            part.

        Raises
        ------
        InputError
            If the country is unknown or takes no part.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
        >>> print(result.summary().sections[1].heading)
        Who signs with whom by December 2030
        >>> print(result.summary(focus="BRA").sections[-2].heading)
        Brazil: probabilities in December 2030, and why
        """
        from sim.experiment.summaries.run import summarise_run

        return summarise_run(self, focus)


class ComparisonView(ComparisonTables, Draws):
    """A comparison whose tables can be summarised in words."""

    def summary(self) -> Summary:
        """Return what the comparison says, in words; `str` of it gives plain text."""
        from sim.experiment.summaries.comparison import summarise_comparison

        return summarise_comparison(self)
