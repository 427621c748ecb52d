"""Sizes of groups of people for outsiders: in bands, never below five, and blurred so that answers cannot be subtracted.

The blur belongs to the group, as in the cell key method (Fraser and Wooton 2005; Eurostat, Handbook on Statistical Disclosure
Control, 2024): the same people give the same answer however they were asked for, so asking again or in other words tells no more.
`docs/widget.md` says what that does and does not protect against.
"""

import hashlib
from collections.abc import Iterable

from service.cells import SMALLEST

FLOORS = (SMALLEST, 10, 25, 50, 100)
"""What is said of a group: that it holds at least so many."""

MOST_WITHHELD = 3
"""Fewer than the distance between two floors, so that one person more or less never changes an answer by more than one band."""


def at_least(keys: Iterable[bytes]) -> int | None:
    """How many people a group holds at least, None where that is not told; true of every group.

    Args:
        keys: secret keys of the people, each the same at each question.
    """
    group = sorted(set(keys))
    sure = len(group) - _withheld(group)
    return max((floor for floor in FLOORS if floor <= sure), default=None)


def _withheld(group: list[bytes]) -> int:
    """0 to 3 people, by chance, and always the same for the same group."""
    return hashlib.sha256(b"".join(group)).digest()[0] % (MOST_WITHHELD + 1)
