"""Optimal assignment by several goals in order: a later goal never costs anything of an earlier one.

Each solve is a minimum-weight bipartite matching (LAPJVsp: Jonker and Volgenant 1987, Computing 38:325; scipy). By complementary
slackness, the solutions that are optimal for a goal are exactly those that use only edges without slack and every column with a
price below zero; the next goal chooses among those. All costs are whole numbers that float64 holds exactly.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Integers = NDArray[np.int64]
_EXACT = 2**53


def assign(rows: Integers, columns: Integers, goals: Sequence[Integers]) -> Integers:
    """Gives every row a column of its own.

    Args:
        rows, columns: ends (e,) of the edges, each pair once, rows and columns numbered from 0.
        goals: costs (e,) not below 0 of each edge, the most important goal first; the sum over the chosen edges is least.

    Returns:
        Number of the chosen edge of each row.

    Raises:
        ValueError: not every row can have a column of its own, or a goal is too large to be exact.
    """
    kept = np.lexsort((columns, rows))
    count = int(rows.max()) + 1
    needed = np.zeros(int(columns.max()) + 1, bool)
    chosen: Integers = np.empty(0, np.int64)
    for goal in _joined(goals, count):
        misses = ~needed[columns[kept]] if needed.any() else np.zeros(len(kept), bool)
        costs = goal[kept] + misses * (count * int(goal.max()) + 1)
        best = _matching(rows[kept], columns[kept], costs)
        slack, prices = _slack(rows[kept], columns[kept], costs, best, len(needed))
        chosen, kept, needed = kept[best], kept[slack == 0], prices < 0
    return chosen


def _joined(goals: Sequence[Integers], rows: int) -> Iterator[Integers]:
    """Joins goals that follow each other into one, as long as that stays exact: fewer solves."""
    joined, most = goals[0], _EXACT // rows
    for goal in goals[1:]:
        factor = rows * int(goal.max()) + 1
        if int(joined.max()) * factor + int(goal.max()) <= most:
            joined = joined * factor + goal
        else:
            yield _exact(joined, most)
            joined, most = goal, _EXACT // (rows * (rows + 2))
    yield _exact(joined, most)


def _exact(goal: Integers, most: int) -> Integers:
    if int(goal.max()) > most:
        raise ValueError(f"a goal with costs up to {goal.max()} is too large to be exact; at most {most}")
    return goal


def _matching(rows: Integers, columns: Integers, costs: Integers) -> Integers:
    """Number of the edge of each row in the cheapest matching; edges are sorted by row, then column."""
    above_zero = (costs + 1).astype(np.float64)  # an explicit zero would count as no edge
    graph = csr_array((above_zero, (rows, columns)))
    _, found = min_weight_full_bipartite_matching(graph)
    keys = rows * graph.shape[1] + columns
    return np.searchsorted(keys, np.arange(graph.shape[0]) * graph.shape[1] + found)


def _slack(rows: Integers, columns: Integers, costs: Integers, chosen: Integers, column_count: int) -> tuple[Integers, Integers]:
    """Slack (e,) of each edge and price (c,) of each column: shortest paths (Bellman 1958) from the columns left free."""
    order = np.argsort(columns, kind="stable")
    present, starts = np.unique(columns[order], return_index=True)
    extra = costs - costs[chosen][rows]
    prices = np.zeros(column_count, np.int64)
    for _ in range(column_count):
        through = extra + prices[columns[chosen]][rows]
        lowest = np.minimum(prices[present], np.minimum.reduceat(through[order], starts))
        if (lowest == prices[present]).all():
            break
        prices[present] = lowest
    return extra + prices[columns[chosen]][rows] - prices[columns], prices
