"""Small cells: a number of a few people is not shown, nor can it be worked out from what is shown beside it."""

from collections.abc import Mapping
from typing import TypeVar

SMALLEST = 5
"""Below this a number of people is hidden; none at all is shown."""

Group = TypeVar("Group")


def without_small_cells(counts: Mapping[Group, int]) -> dict[Group, int | None]:
    """Counts that add up to a total that is shown too, with None for each that is hidden.

    First each count from 1 to 4 is hidden. Then more, the smallest first, until nobody can work out a hidden one from the total:
    at least two are hidden, they hold at least `SMALLEST` together, and they are not all 1 (primary and secondary suppression:
    Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).
    """
    hidden = {group for group, count in counts.items() if 0 < count < SMALLEST}
    others = sorted((group for group, count in counts.items() if count >= SMALLEST), key=lambda group: counts[group])
    while hidden and not _safe([counts[group] for group in hidden]) and others:
        hidden.add(others.pop(0))
    return {group: None if group in hidden else count for group, count in counts.items()}


def shown_total(counts: Mapping[Group, int]) -> int | None:
    """The total of what `without_small_cells` was given, or None when it would give a hidden number away."""
    hidden = [counts[group] for group, count in without_small_cells(counts).items() if count is None]
    return sum(counts.values()) if not hidden or _safe(hidden) else None


def _safe(hidden: list[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) >= SMALLEST and sum(hidden) > len(hidden)
