"""What binds: what would have made a country sign in the futures in which it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.shared.estimates import Estimate, frequency

if TYPE_CHECKING:
    from sim.analysis.requirement.settings import Setting
    from sim.analysis.requirement.trials import Positions, Trials

SIGNS, NOT_ASKED, NOT_TAKEN_UP, SAYS_NO = "signs", "not_asked", "not_taken_up", "says_no"
REASONS = {
    SIGNS: "signs",
    NOT_ASKED: "would sign if places and pace did not limit whom the provider asks",
    NOT_TAKEN_UP: "would sign if it also took the question up every month",
    SAYS_NO: "would not sign even then",
}
# More than any scenario has countries; invitations a quarter.
_MOST_PACE = 200.0


@dataclass(frozen=True)
class Binding:
    """What becomes of the country under some terms, as shares of futures.

    Parameters
    ----------
    where : str
        ``as_it_is``, ``answer`` or ``best``.
    positions : tuple of int
    shares : mapping of str to Estimate
        Of `REASONS`; they add up to 1.
    asked : Estimate
        It is invited in time.
    full : Estimate
        It is not invited, and every place is held at the end.
    """

    where: str
    positions: Positions
    shares: Mapping[str, Estimate]
    asked: Estimate
    full: Estimate

    @property
    def strongest(self) -> str:
        """The reason that keeps it from signing in most futures."""
        return max((NOT_ASKED, NOT_TAKEN_UP, SAYS_NO), key=lambda name: self.shares[name].mean)


def relaxed(setting: Setting, *, is_eager: bool) -> dict[str, float]:
    """Return numbers under which nobody waits to be asked, nor, if eager, to take it up."""
    found = dict.fromkeys(setting.field("slots"), np.nan)
    found |= dict.fromkeys(setting.field("pace_per_quarter"), _MOST_PACE)
    if not is_eager:
        return found
    offer = setting.built.scenario.offers[setting.own]
    # Where all may join there is no invitation that asks: any review must do.
    rate = "review_rate" if offer.open_enrolment else "review_rate_invited"
    return found | {f"parameters.{rate}": 1.0}


def binding_of(trials: Trials, where: str, positions: Positions) -> Binding:
    """Return what keeps the country from signing under some terms.

    The same futures are run again without limits on whom the provider asks, and then with
    countries that take the offer up at once: each future in which it does not sign is put down to
    the first of these that would have made it sign, or to neither.

    Parameters
    ----------
    trials : Trials
        Of one country.
    where : str
        As in `Binding`.
    positions : tuple of int
    """
    plain = trials.run([positions])[0]
    asked_all, eager = (
        trials.run([positions], relaxed(trials.setting, is_eager=is_eager))[0].signed[:, 0]
        for is_eager in (False, True)
    )
    signs = plain.signed[:, 0]
    parts = {
        SIGNS: signs,
        NOT_ASKED: ~signs & asked_all,
        NOT_TAKEN_UP: ~signs & ~asked_all & eager,
        SAYS_NO: ~signs & ~asked_all & ~eager,
    }
    shares = {name: frequency(part) for name, part in parts.items()}
    full = ~plain.invited[:, 0] & (plain.held >= plain.slots)
    return Binding(where, positions, shares, frequency(plain.invited[:, 0]), frequency(full))
