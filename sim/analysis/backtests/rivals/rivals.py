"""Simple rivals of the model: rules that learn from the same answers and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.rivals.answers import (
    FACTS,
    JOINED,
    PROGRAMME,
    check_answers,
    check_variety,
)
from sim.analysis.backtests.scoring.resampling import keyed_generator

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
# The model itself with its numbers as they were first assumed, before any was estimated.
ASSUMED = "assumed"
ASSUMED_TITLE = "Model as first assumed"


@dataclass(frozen=True)
class Rival:
    """A rule that predicts who joins a new programme from the answers to others.

    Parameters
    ----------
    name, title : str
        Its name in tables and in text.
    description : str
        One sentence on what it does.
    meaning : str
        One paragraph for readers: what it stands for, and how it copes with a new programme.
    facts : tuple of str
        Columns that it uses besides ``programme`` and ``joined``.
    method : str
        ``share`` of joiners, or an estimator of `sim.analysis.backtests.rivals.estimators`.
    """

    name: str
    title: str
    description: str
    meaning: str
    facts: tuple[str, ...] = ()
    method: Literal["share", "logit", "splines", "boosting"] = "logit"

    def predict(self, train: pd.DataFrame, test: pd.DataFrame) -> Array:
        """Return the probability that each country of the test part joins by the end.

        Parameters
        ----------
        train, test : DataFrame
            One row for each country asked in a programme, with ``programme`` and the facts as of
            its launch; ``joined`` (0 or 1) is read from the training part alone.

        Returns
        -------
        ndarray, shape (n,), 0-1
            In the order of `test`; the same on every call.

        Raises
        ------
        InputError
            If a column is missing, a fact is not a finite number, a programme is in both parts, or
            the training part has too little to learn from.
        """
        return np.asarray(self.by_programme(train, test).mean(axis=0))

    def by_programme(self, train: pd.DataFrame, test: pd.DataFrame) -> Array:
        """Return the probabilities as if the new programme were like each training programme.

        `predict` returns their mean, `joiner_counts` draws from them.

        Parameters
        ----------
        train, test : DataFrame
            As for `predict`.

        Returns
        -------
        ndarray, shape (training programmes, n), 0-1
        """
        check_answers(train, test, self.facts)
        if self.method == "share":
            share = train.groupby(PROGRAMME)[JOINED].mean().to_numpy(np.float64)
            return np.repeat(share[:, None], len(test), axis=1)
        check_variety(train)
        # Loads scikit-learn, which only backtests need.
        from sim.analysis.backtests.rivals import estimators

        estimate = {
            "logit": estimators.logit,
            "splines": estimators.splines,
            "boosting": estimators.boosting,
        }[self.method]
        found: Array = estimate(self.facts, train).by_programme(test)
        return found


def joiner_counts(
    by_programme: Array, programme: str, n_futures: int = 1_000, seed: int = 0
) -> Array:
    """Return the number of joiners in futures of a rival, (R,).

    Futures take turns in which training programme the new one is like; in each, every country then
    decides on its own.

    Parameters
    ----------
    by_programme : ndarray, shape (training programmes, n), 0-1
        From `Rival.by_programme`, the countries of one programme.
    programme : str
        Its name, which the draws are keyed by.
    n_futures, seed : int
        Futures, and the seed of what countries decide in them.

    Examples
    --------
    >>> joiner_counts(np.array([[0.0, 0.0], [1.0, 1.0]]), "accords", n_futures=4).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """
    rng = keyed_generator(f"joiners of {programme}", seed)
    like = np.arange(n_futures) % len(by_programme)
    joins = rng.random((n_futures, by_programme.shape[1])) < by_programme[like]
    return np.asarray(np.count_nonzero(joins, axis=1), np.float64)


_NEW_PROGRAMME = (
    "Each programme of the past has an intercept of its own; the forecast of a new one is the mean "
    "over forecasts that take it to be like each of them."
)
_PENALTY = "The penalty on weights is the one that forecasts programmes left out best."

_RIVALS = (
    Rival(
        "base_rate",
        "Base rate",
        "Gives every country the mean share that joined earlier programmes.",
        "It knows nothing about countries or about the kind of programme: every country gets the "
        "share that joined, averaged over the programmes of the training part. A forecast that "
        "does not beat it is worth nothing.",
        method="share",
    ),
    Rival(
        "gdp",
        "Size of the economy",
        "Logistic regression on the logarithm of GDP alone.",
        "Large economies are asked sooner, court more attention and have more staff to negotiate, "
        f"so size alone tells a lot. {_NEW_PROGRAMME} {_PENALTY}",
        ("log_gdp",),
    ),
    Rival(
        "gdp_and_readiness",
        "Size and readiness",
        "Logistic regression on the logarithm of GDP and on readiness for AI.",
        "Two facts that any analyst would name: how large the economy is, and how ready the "
        "country is to use AI. For offers of AI infrastructure it is the rival to beat. "
        f"{_NEW_PROGRAMME} {_PENALTY}",
        ("log_gdp", "readiness"),
    ),
    Rival(
        "ideal_point",
        "Ideal point",
        "Logistic regression on political affinity to the leader of the bloc alone.",
        "Countries join those whom they agree with: affinity is how close a country votes to the "
        f"leader of the bloc in the United Nations. {_NEW_PROGRAMME} {_PENALTY}",
        ("affinity",),
    ),
    Rival(
        "alliances",
        "Alliances",
        "Logistic regression on security ties to the leader of the bloc alone.",
        "Allies join. The rule sees how strong a country's security tie to the leader of the bloc "
        f"is, and nothing else. {_NEW_PROGRAMME} {_PENALTY}",
        ("ally",),
    ),
    Rival(
        "neighbours",
        "Neighbours' rule",
        "Logistic regression on the share of the country's peers that joined earlier programmes "
        "of the bloc.",
        "Countries do what their peers did: the rule sees the share of a country's peers that "
        "joined earlier programmes of the same bloc, and nothing else. "
        f"{_NEW_PROGRAMME} {_PENALTY}",
        ("neighbours",),
    ),
    Rival(
        "record",
        "Record of earlier answers",
        "Logistic regression on how often the country joined earlier programmes of either bloc.",
        "Countries do what they did before: the rule sees how often the country joined earlier "
        "programmes of the bloc, and of the other bloc. It needs a history, but no facts about "
        f"countries. {_NEW_PROGRAMME} {_PENALTY}",
        ("record", "rival_record"),
    ),
    Rival(
        "logistic",
        "Penalised logistic regression",
        "Logistic regression on all facts, with a penalty on large weights.",
        "The standard tool for this question: all facts at once, each with one weight for all "
        f"programmes. {_PENALTY} {_NEW_PROGRAMME}",
        FACTS,
    ),
    Rival(
        "splines",
        "Splines",
        "Logistic regression on a smooth curve of each fact, with a penalty on large weights.",
        "As the penalised regression, but each fact may act by a curve in place of a straight "
        "line: a little readiness may matter much, and more of it no longer. Beyond the values of "
        f"the past the curves are flat. {_PENALTY} {_NEW_PROGRAMME}",
        FACTS,
        "splines",
    ),
    Rival(
        "boosting",
        "Gradient boosting",
        "Boosted trees on all facts and on the base rate of the programme.",
        "A machine learner that finds steps and interactions on its own: what size does may depend "
        "on affinity. Trees see the base rate of each programme of the past; the forecast of a new "
        "one is the mean over forecasts that take it to have each of these base rates. The size "
        "of trees is the one that forecasts programmes left out best.",
        FACTS,
        "boosting",
    ),
)

# All rivals by name, in the order of tables.
RIVALS: Mapping[str, Rival] = MappingProxyType({one.name: one for one in _RIVALS})
# What forecasters beside the model are called: itself as first assumed, and the rivals.
TITLES: Mapping[str, str] = MappingProxyType(
    {ASSUMED: ASSUMED_TITLE} | {one.name: one.title for one in _RIVALS}
)
