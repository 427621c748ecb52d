"""People and places with the vectors of their sentences: which texts are encoded, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.columns import Columns
from matching.model import Opportunity, Seeker

Vectors = NDArray[np.float32]
_SEEKER_HEADS = 2
_PLACE_HEADS = 4


def seeker_texts(seeker: Seeker) -> list[str]:
    """The texts of a person to encode: the whole profile, what they can or want to learn, then each sentence."""
    can = " ".join(seeker.abilities + seeker.learning)
    return [" ".join(seeker.sentences), can or " ".join(seeker.motivations), *seeker.sentences]


def opportunity_texts(place: Opportunity) -> list[str]:
    """The texts of a place to encode: the whole text, title, summary, offers, then each task and each need."""
    whole = ". ".join(filter(None, [place.title, place.summary.rstrip("."), " ".join(place.tasks)]))
    needs = [need.text for need in place.needs]
    return [whole, place.title, place.summary or whole, place.offers or whole, *_tasks(place), *needs]


class Part(IntEnum):
    """What a vector of a place is of."""

    HEAD = 0
    TASK = 1
    NEED = 2
    FIXED_MUST = 3


def place_parts(place: Opportunity) -> NDArray[np.uint8]:
    """What each text of `opportunity_texts` is: a `Part` a text."""
    return _parts(len(_tasks(place)), tuple(need.must and not need.learnable for need in place.needs))


@lru_cache(maxsize=10_000)
def _parts(tasks: int, fixed: tuple[bool, ...]) -> NDArray[np.uint8]:
    needs = [Part.FIXED_MUST if one else Part.NEED for one in fixed]
    return np.array([Part.HEAD] * _PLACE_HEADS + [Part.TASK] * tasks + needs, np.uint8)


def cosines(rows: Vectors, others: Vectors) -> Vectors:
    """Cosines (a, b) of unit vectors (a, d) and (b, d).

    Unlike a matrix product, whose last digit depends on the shape, a pair has the same cosine whichever pairs are asked with it.
    """
    return np.asarray(np.vecdot(rows[:, None], others[None]))


def _tasks(place: Opportunity) -> tuple[str, ...]:
    return place.tasks or (place.title,)


@dataclass(frozen=True)
class Profile:
    """A person with unit vectors (n, d) in the order of `seeker_texts`."""

    seeker: Seeker
    vectors: Vectors

    @property
    def whole(self) -> Vectors:
        """Vector (d,) of all sentences together."""
        return np.asarray(self.vectors[0])

    @property
    def can(self) -> Vectors:
        """Vector (d,) of what the person can do or wants to learn."""
        return np.asarray(self.vectors[1])

    @cached_property
    def abilities(self) -> Vectors:
        """Vectors (a, d)."""
        return self._after(_SEEKER_HEADS, len(self.seeker.abilities))

    @cached_property
    def learning(self) -> Vectors:
        """Vectors (l, d)."""
        return self._after(_SEEKER_HEADS + len(self.seeker.abilities), len(self.seeker.learning))

    @cached_property
    def motivations(self) -> Vectors:
        """Vectors (m, d)."""
        return self.vectors[len(self.vectors) - len(self.seeker.motivations) :]

    @cached_property
    def practical(self) -> Columns:
        """What the person brings and wishes in practical terms, one row."""
        return Columns.of_people([self.seeker])

    def _after(self, start: int, count: int) -> Vectors:
        return self.vectors[start : start + count]


@dataclass(frozen=True)
class Place:
    """An opportunity with unit vectors (n, d) in the order of `opportunity_texts`."""

    opportunity: Opportunity
    vectors: Vectors

    @property
    def meaning(self) -> Vectors:
        """Vectors by which the place is found: the whole text, the title and each task."""
        return np.concatenate([self.vectors[:2], self.tasks])

    @property
    def tasks(self) -> Vectors:
        """Vectors (t, d) of the tasks; of the title where no task is told."""
        return self.vectors[_PLACE_HEADS : _PLACE_HEADS + len(_tasks(self.opportunity))]


class Places:
    """Places stacked for arithmetic: a task, say, is a row, and `task_starts` says where each place's rows begin.

    Attributes:
        whole, title, summary, offers: vectors (p, d).
        tasks, needs: vectors (t, d) and (n, d) of all places one after the other.
        emphasis: weight (n,) of each need.
        practical: what the places ask in practical terms, p rows.
        opportunities: the places themselves; empty when only their columns were handed over.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        opportunities = [place.opportunity for place in places]
        blocks = np.concatenate([place.vectors for place in places])
        parts = np.concatenate([place_parts(opportunity) for opportunity in opportunities])
        starts = _starts([len(place.vectors) for place in places])
        self._stack(blocks, parts, starts, Columns.of_places(opportunities))
        self.opportunities = opportunities

    @classmethod
    def stacked(cls, vectors: Vectors, parts: NDArray[np.uint8], starts: NDArray[np.int64], practical: Columns) -> "Places":
        """Places out of an index, without their texts.

        Args:
            vectors: (v, d) in the order of `opportunity_texts`, one place after the other.
            parts: (v,) what each vector is of, see `place_parts`.
            starts: (p + 1,) where each place begins.
        """
        places = cls.__new__(cls)
        places._stack(vectors, parts, starts, practical)
        places.opportunities = []
        return places

    def _stack(self, vectors: Vectors, parts: NDArray[np.uint8], starts: NDArray[np.int64], practical: Columns) -> None:
        self.whole, self.title, self.summary, self.offers = (vectors[starts[:-1] + head] for head in range(_PLACE_HEADS))
        is_task, is_need = parts == Part.TASK, parts >= Part.NEED
        self.tasks, self.needs = vectors[is_task], vectors[is_need]
        self.task_starts, self.need_starts = starts_of(is_task, starts), starts_of(is_need, starts)
        self.emphasis = np.where(parts[is_need] == Part.FIXED_MUST, 2.0, 1.0)
        self.practical = practical

    def __len__(self) -> int:
        return len(self.practical)

    def take(self, numbers: NDArray[np.int64]) -> "Places":
        """The places with these numbers, in the order of the numbers."""
        taken = Places.__new__(Places)
        heads = (self.whole, self.title, self.summary, self.offers)
        taken.whole, taken.title, taken.summary, taken.offers = (head.take(numbers, axis=0) for head in heads)
        tasks, taken.task_starts = _rows_of(numbers, self.task_starts)
        needs, taken.need_starts = _rows_of(numbers, self.need_starts)
        taken.tasks, taken.needs = self.tasks.take(tasks, axis=0), self.needs.take(needs, axis=0)
        taken.emphasis, taken.practical = self.emphasis[needs], self.practical.take(numbers)
        taken.opportunities = [self.opportunities[number] for number in numbers.tolist()] if self.opportunities else []
        return taken

    def task_rows(self, number: int) -> slice:
        """Rows of `tasks` that belong to place `number`."""
        return slice(self.task_starts[number], self.task_starts[number + 1])

    def need_rows(self, number: int) -> slice:
        """Rows of `needs` that belong to place `number`."""
        return slice(self.need_starts[number], self.need_starts[number + 1])


def _starts(counts: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _rows_of(numbers: NDArray[np.int64], starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All rows of these places, one place after the other; and where each place begins among them."""
    counts = np.diff(starts)[numbers]
    begin = _starts(counts)
    return np.arange(begin[-1]) + np.repeat(starts[numbers] - begin[:-1], counts), begin


def starts_of(mask: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each thing begins among the rows in the mask alone, from where it begins among all."""
    return np.concatenate([[0], np.cumsum(mask)]).astype(np.int64)[starts]
