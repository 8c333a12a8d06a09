"""What all answers about results have in common: tables, sentences, files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sim.analysis.written import write_analysis
from sim.experiment.given import check_table_name
from sim.notebook.showing import Draws

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.tables import Table


class Answer(Draws, ABC):
    """An answer about results, with its tables and words."""

    NAME: ClassVar[str]
    """Short name: that of its data package."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is about, as a title."""

    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """Return its tables, with the description of their columns."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """Return what was found, in plain words."""

    def frame(self, name: str = "") -> pd.DataFrame:
        """Return one of its tables by name; the first unless given.

        Raises
        ------
        RunError
            If there is no such table.

        Examples
        --------
        >>> import sim
        >>> run = sim.simulate(sim.load_scenario("baseline"), replicates=80, seed=1)
        >>> sim.enough(run).frame().columns[:3].tolist()
        ['outcome', 'title', 'what']
        """
        known = {table.name: table for table in self.tables()}
        wanted = name or next(iter(known))
        check_table_name(wanted, known, f"the answer of {self.NAME}")
        return known[wanted].frame

    def write(self, folder: str | Path) -> Path:
        """Write the tables as CSV with their data dictionary; return the folder.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        about = " ".join(self.sentences())
        return write_analysis(Path(folder), self.NAME, self.title, about, self.tables())
