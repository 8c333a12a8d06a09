"""Names of outcomes: one entry each, for summaries, tables, charts and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class OutcomeWords:
    """The words for one outcome.

    Parameters
    ----------
    label : str
        Its name, in the form it has inside a sentence.
    unit : str
        The unit in which it is counted.
    after_number : str
        Text after its number, as in 5,930 *MW contracted*; the label unless given.
    """

    label: str
    unit: str
    after_number: str = ""

    @property
    def amount(self) -> str:
        """Text after its number."""
        return self.after_number or self.label

    @property
    def heading(self) -> str:
        """The label in the form it has at the head of a row or column.

        Examples
        --------
        >>> OUTCOME_WORDS["live_mw"].heading
        'Megawatts live'
        """
        return self.label[:1].upper() + self.label[1:]


OUTCOME_WORDS: Mapping[str, OutcomeWords] = MappingProxyType(
    {
        "n_countries": OutcomeWords("partners", "countries"),
        "gdp_share": OutcomeWords("share of world GDP", "share 0-1", "of world GDP"),
        "population_share": OutcomeWords(
            "share of world population", "share 0-1", "of world population"
        ),
        "readiness_share": OutcomeWords(
            "share of world AI readiness", "share 0-1", "of world AI readiness"
        ),
        "contracted_mw": OutcomeWords("megawatts contracted", "MW", "MW contracted"),
        "live_mw": OutcomeWords("megawatts live", "MW", "MW live"),
        "fund_usd_m": OutcomeWords(
            "start-up funds, USD million", "USD million", "USD million of funds"
        ),
        "n_left_by_country": OutcomeWords("countries that have left", "countries"),
        "n_left_by_supplier": OutcomeWords("withdrawals by the supplier", "withdrawals"),
        "n_slots_held": OutcomeWords("places held", "countries"),
        "n_partners_at_end": OutcomeWords("partners at the end", "countries"),
        "n_partners_ever": OutcomeWords("partners at any time", "countries"),
        "n_invitations_sent": OutcomeWords("invitations sent", "invitations"),
        "mean_control_conceded_share": OutcomeWords("local control conceded, share", "share 0-1"),
    }
)
