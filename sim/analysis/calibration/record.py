"""The likelihood of a programme's record, by the compiled rule itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.history.answers import Answers, programme_of
from sim.model.layout import Draw, make_state
from sim.model.mechanism.observed import make_observation
from sim.model.mechanism.scored import Answered, fill_log_likelihoods, run_scored
from sim.model.mechanism.terms import N_TERMS
from sim.model.record import make_record
from sim.model.rows import sizes
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world.building import Built

# What a record cannot tell apart from the intercept and the rate of reviews; and the fear of
# dependence: no earlier programme made anybody depend on data centres, or varied who has control.
SILENT = {"review_rate_courted": 0.0, "review_rate_peers": 0.0, "w_sovereignty": 0.0}
TASTES = ("taste_sd_provider", "taste_sd_kind", "taste_sd_path")
N_TASTES = 7
INTERCEPT, RATE = "intercept", "review_rate"
# In a month. Above it nearly everybody reviews, and what is left of the chance not to review has
# too few digits for a derivative.
HIGHEST_RATE = 20.0
_SHARPNESS = 4.0  # of the way in which rates level off there: 1 is changed by 2 in a million


def review_chance(log_rate: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the chance of a review in a month, 1 - exp(-rate), given the logarithm of the rate.

    Rates level off smoothly at `HIGHEST_RATE`.
    """
    rate = np.exp(np.minimum(log_rate, 50.0))
    rate = rate / (1.0 + (rate / HIGHEST_RATE) ** _SHARPNESS) ** (1.0 / _SHARPNESS)
    return np.asarray(-np.expm1(-rate))


class ProgrammeRecord:
    """A programme and its record, ready to be scored for any values of the numbers.

    Not safe for two threads at once: it keeps its work space.

    Parameters
    ----------
    built : Built
        The programme as a scenario.
    answers : Answers
        What each country did.
    """

    def __init__(self, built: Built, answers: Answers) -> None:
        self.built = built
        self.answers = answers
        reference, offer, _ = programme_of(built.scenario)
        self.kind: str = offer.kind
        self._offer = built.axes.offer.index(offer_id(reference))
        self._path = _recorded_paths(built, answers, self._offer)
        self._state = make_state(*sizes(built), N_TERMS)
        n, n_paths, *_ = sizes(built)
        self._seen = make_observation(n, n_paths)
        self._value = np.zeros(n_paths)
        self._log = np.zeros((2, n, N_TASTES))
        self._out = np.zeros(n)
        self._record = make_record(1, 1, built.world.n_months, *sizes(built), has_sums=False)
        nodes, shares = np.polynomial.hermite_e.hermegauss(N_TASTES)
        self._node = nodes
        self._log_share = np.log(shares / shares.sum())

    def log_likelihoods(
        self, names: Sequence[str], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the log likelihood of each country's answer, shape (n,); 0 where not scored.

        Parameters
        ----------
        names : sequence of str
            Rows of the parameter table, or ``intercept`` of the offer.
        values : ndarray, shape (len(names),)
            Their values.
        """
        answered = self._scored(names, values, np.zeros((0, len(self.answers.country))))
        fill_log_likelihoods(answered, self._out)
        return np.asarray(self._out * self.answers.weight)

    def log_survival(
        self, names: Sequence[str], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the log probability of not having joined by each month's end, (months, n).

        It depends on who had joined before, and is integrated over tastes. The probability that a
        country joins in months a to b, given that it had not joined by the end of a - 1, is
        ``1 - exp(log_survival[b] - log_survival[a - 1])``. After its last month a country's value
        stays; where it is not scored it is 0.

        Parameters
        ----------
        names, values
            As for `log_likelihoods`.
        """
        survival = np.zeros((self.answers.n_months, len(self.answers.country)))
        return self._scored(names, values, survival).survival

    def _scored(
        self, names: Sequence[str], values: NDArray[np.float64], survival: NDArray[np.float64]
    ) -> Answered:
        """Step along the record with some values; return what was added up."""
        built = self.built
        weight = built.weight.copy()
        offer, provider = built.offer.copy(), built.provider.copy()
        for name, value in [*SILENT.items(), *zip(names, values, strict=True)]:
            if name == INTERCEPT:
                offer[INTERCEPT][self._offer] = value
            else:
                weight[name] = value
        spread = np.sqrt(sum(float(weight[name][0]) ** 2 for name in TASTES))
        for name in TASTES:
            weight[name] = 0.0
        self._log[:] = 0.0
        answered = Answered(
            self._path, self.answers.first, self.answers.last, self.answers.is_scored,
            self._node * spread, self._log[0], self._log[1], self._log_share, survival,
        )  # fmt: skip
        draw = Draw(
            np.uint64(0), np.uint64(0), weight[0], offer, provider,
            offer.view(np.float64).reshape(len(offer), -1),
            provider.view(np.float64).reshape(len(provider), -1),
            np.ones(len(built.timetable.probability), np.bool_),
        )  # fmt: skip
        run_scored(
            built.world, draw, self._state, self._record, answered, self.answers.n_months,
            self._value, self._seen,
        )  # fmt: skip
        return answered


def _recorded_paths(built: Built, answers: Answers, offer: int) -> NDArray[np.int64]:
    """Return the path of each country at each month's end: the offer's own once it has joined."""
    n_months = built.world.n_months
    path = np.zeros((n_months, len(answers.country)), np.int64)
    alone = int(built.world.path_alone[offer])
    for i, last in enumerate(answers.last):
        if last >= 0:
            path[last:, i] = alone
    return path
