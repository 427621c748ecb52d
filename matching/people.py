"""One place with many people at once: by the pair score of `matching/scoring.py`, to choose who is compared in full."""

from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.columns import Columns, distances_km
from matching.model import Seeker, Support
from matching.practical import TOLERANCE_KM
from matching.scoring import Array, Weights
from matching.vectors import Place, Places, Profile, Vectors, cosines, starts_of

Rows = NDArray[np.int64]


class Told(IntEnum):
    """What a vector of a person is of."""

    WHOLE = 0
    CAN = 1
    ABILITY = 2
    LEARNING = 3
    MOTIVATION = 4


def person_parts(seeker: Seeker) -> NDArray[np.uint8]:
    """What each text of `seeker_texts` is: a `Told` a text."""
    sentences = [Told.ABILITY] * len(seeker.abilities) + [Told.LEARNING] * len(seeker.learning)
    return np.array([Told.WHOLE, Told.CAN, *sentences, *[Told.MOTIVATION] * len(seeker.motivations)], np.uint8)


class People:
    """People stacked for arithmetic.

    Args:
        vectors: (v, d) in the order of `seeker_texts`, one person after the other.
        parts: (v,) see `person_parts`.
        starts: (p + 1,) where each person begins.
        practical: p rows.
    """

    def __init__(self, vectors: Vectors, parts: NDArray[np.uint8], starts: Rows, practical: Columns) -> None:
        self._vectors, self._parts, self._starts = vectors, parts, starts
        self.practical = practical
        self.whole, self.can = vectors[starts[:-1] + Told.WHOLE], vectors[starts[:-1] + Told.CAN]

    @classmethod
    def stacked(cls, profiles: Sequence[Profile]) -> "People":
        """People with their vectors."""
        starts = np.concatenate([[0], np.cumsum([len(profile.vectors) for profile in profiles])]).astype(np.int64)
        parts = np.concatenate([person_parts(profile.seeker) for profile in profiles])
        vectors = np.concatenate([profile.vectors for profile in profiles])
        return cls(vectors, parts, starts, Columns.of_people([profile.seeker for profile in profiles]))

    def __len__(self) -> int:
        return len(self.practical)

    @cached_property
    def does(self) -> tuple[Vectors, Rows]:
        """Ability sentences of each person, or all they can where they told none; and where each person begins."""
        return self._told(Told.ABILITY, Told.CAN)

    @cached_property
    def wishes(self) -> tuple[Vectors, Rows]:
        """Learning sentences of each person; and where each person begins."""
        mask = self._parts == Told.LEARNING
        return self._vectors[mask], starts_of(mask, self._starts)

    @cached_property
    def moves(self) -> tuple[Vectors, Rows]:
        """Motivations of each person, or the whole profile where they told none; and where each person begins."""
        return self._told(Told.MOTIVATION, Told.WHOLE)

    def _told(self, part: Told, otherwise: Told) -> tuple[Vectors, Rows]:
        mask = self._parts == part
        silent = np.diff(starts_of(mask, self._starts)) == 0
        mask[self._starts[:-1][silent] + otherwise] = True
        return self._vectors[mask], starts_of(mask, self._starts)


def score_people(people: People, place: Place, weights: Weights) -> tuple[Array, Array]:
    """Ability and order (p,) of each person with one place; equal to `score` up to the last digits."""
    asked = Places([place])
    ability = weights.ability.probability(_ability(people, asked))
    motivation = weights.motivation.probability(_motivation(people, asked))
    order = weights.order["ability"] * ability + weights.order["motivation"] * motivation
    order = order - weights.order["lightness"] * len(place.opportunity.support) / len(Support)
    return ability, order + weights.order["nearness"] * _nearness(people, asked)


def _ability(people: People, asked: Places) -> dict[str, Array]:
    does, starts = people.does
    best = np.maximum.reduceat(cosines(does, np.concatenate([asked.whole, asked.title, asked.tasks, asked.needs])), starts[:-1])
    sentence, title, per_task, per_need = np.split(best, np.cumsum([1, 1, len(asked.tasks)]), axis=1)
    tasks = per_task.mean(axis=1)
    needs = np.average(per_need, axis=1, weights=asked.emphasis) if len(asked.needs) else tasks
    features = {
        "whole": cosines(people.whole, asked.whole)[:, 0],
        "can": cosines(people.can, asked.whole)[:, 0],
        "title": title[:, 0],
        "sentence": sentence[:, 0],
        "tasks": tasks,
        "best_task": per_task.max(axis=1),
        "needs": needs,
        "learning": _learning(people, asked, sentence[:, 0]),
    }
    return {name: np.asarray(values, np.float64) for name, values in features.items()}


def _learning(people: People, asked: Places, otherwise: Vectors) -> Array:
    wishes, starts = people.wishes
    result = np.array(otherwise, np.float64)
    some = np.flatnonzero(np.diff(starts))
    if len(some):
        near = cosines(wishes, np.concatenate([asked.whole, asked.title])).max(axis=1)
        result[some] = np.maximum.reduceat(near, starts[some])
    return result


def _motivation(people: People, asked: Places) -> dict[str, Array]:
    moves, starts = people.moves
    near = cosines(moves, np.concatenate([asked.offers, asked.summary, asked.whole])).astype(np.float64)
    counts = np.diff(starts)
    purpose = np.add.reduceat(near[:, :2].max(axis=1), starts[:-1]) / counts
    return {"purpose": purpose, "work": np.add.reduceat(near[:, 2], starts[:-1]) / counts}


def _nearness(people: People, asked: Places) -> Array:
    limit = people.practical.rows["max_travel_km"] + TOLERANCE_KM
    near = 1 - distances_km(people.practical, asked.practical) / limit
    return np.where(np.isnan(near), 0.5, np.maximum(0.0, near))
