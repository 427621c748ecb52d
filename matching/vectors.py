"""People and places with the vectors of their sentences: which texts are encoded, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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


def cosines(rows: Vectors, others: Vectors) -> Vectors:
    """Cosines (a, b) of unit vectors (a, d) and (b, d).

    Unlike a matrix product, whose last digit depends on the shape, a pair has the same cosine whichever pairs are asked with it.
    """
    return np.asarray(np.einsum("ad,bd->ab", rows, others))


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
    """Places stacked for arithmetic: a task, say, is a row, and `task_starts` says where each place's rows begin."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.opportunities = [place.opportunity for place in places]
        task_counts = [len(_tasks(opportunity)) for opportunity in self.opportunities]
        tasks_end = [_PLACE_HEADS + count for count in task_counts]
        self.whole, self.title, self.summary, self.offers = (
            np.stack([place.vectors[head] for place in places]) for head in range(_PLACE_HEADS)
        )
        self.tasks = np.concatenate([place.vectors[_PLACE_HEADS:end] for place, end in zip(places, tasks_end, strict=True)])
        self.needs = np.concatenate([place.vectors[end:] for place, end in zip(places, tasks_end, strict=True)])
        self.task_starts = _starts(task_counts)
        self.need_starts = _starts([len(opportunity.needs) for opportunity in self.opportunities])

    def __len__(self) -> int:
        return len(self.opportunities)

    def task_rows(self, number: int) -> slice:
        """Rows of `tasks` that belong to place `number`."""
        return slice(self.task_starts[number], self.task_starts[number + 1])

    def need_rows(self, number: int) -> slice:
        """Rows of `needs` that belong to place `number`."""
        return slice(self.need_starts[number], self.need_starts[number + 1])


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
