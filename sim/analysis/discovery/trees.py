"""CART: the boxes of a classification tree (Breiman, Friedman, Olshen and Stone 1984)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.boxes import Box, PeelingStep, Sample, Values, box_quality, whole_box
from sim.analysis.discovery.peeling import LEAST_MASS

# Deeper trees have boxes with more limits than anybody reads.
DEEPEST = 5


def grow(sample: Sample) -> list[list[PeelingStep]]:
    """Return the way to every node of a tree, each from the box of everything.

    Parameters
    ----------
    sample : Sample
        At least one case. Null counts as greater than every value.
    """
    levels = [np.unique(column, return_inverse=True) for column in sample.values.T]
    grown = _tree(sample, np.stack([rank for _, rank in levels], axis=1))
    everything = np.ones(len(sample.share), np.bool_)
    ways: list[list[PeelingStep]] = []

    def visit(node: int, way: list[PeelingStep]) -> None:
        ways.append(way)
        j = int(grown.feature[node])
        if j < 0:
            return
        sides = _halves(way[-1].box, j, levels[j][0], int(grown.threshold[node]))
        children = int(grown.children_left[node]), int(grown.children_right[node])
        for child, half in zip(children, sides, strict=True):
            visit(
                child,
                [*way, PeelingStep(half, box_quality(sample, half.contains(sample.values)), j)],
            )

    visit(0, [PeelingStep(whole_box(len(levels)), box_quality(sample, everything), -1)])
    return ways


def _tree(sample: Sample, ranks: NDArray[np.int64]) -> Any:
    """Return the nodes of a tree over the ranks of the values.

    Ranks make the same tree as the values, and survive scikit-learn's single precision.
    """
    from sklearn.tree import DecisionTreeClassifier

    # A case in which the condition holds in part counts on both sides.
    weight = np.concatenate([sample.share * sample.weight, (1 - sample.share) * sample.weight])
    counts = weight > 0
    holds = np.repeat([True, False], len(ranks))
    tree = DecisionTreeClassifier(
        max_depth=DEEPEST, min_weight_fraction_leaf=LEAST_MASS, random_state=0
    )
    tree.fit(np.tile(ranks, (2, 1))[counts], holds[counts], sample_weight=weight[counts])
    return tree.tree_


def _halves(box: Box, j: int, level: Values, rank: int) -> tuple[Box, Box]:
    """Return the two parts of a box, cut after a rank of one input."""
    below, above = float(level[rank]), float(level[rank + 1])
    has_null = bool(box.has_null[j])
    is_by_null = bool(np.isnan(above))
    left = box.limits(j, float(box.low[j]), below, has_null and not np.isnan(level[-1]))
    if is_by_null:
        return left, box.limits(j, np.inf, -np.inf, has_null)
    return left, box.limits(j, above, float(box.high[j]), has_null)
