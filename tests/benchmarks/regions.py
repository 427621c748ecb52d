"""A made-up region with its people, its places and the vectors of their sentences, drawn reproducibly.

Sentences lie about one direction and that of their kind of work: some close, some less, so that the pairs of a region are found
in every ability band.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from matching.model import DAYPARTS, LADDER, LanguageLevels, Level, Need, Opportunity, Position, Rung, Seeker, Support
from matching.vectors import Place, Profile, Vectors, opportunity_texts, seeker_texts

Thing = TypeVar("Thing")
DIMENSION = 384
KINDS_OF_WORK = 20
TOWNS = 25
RUNGS = (0.55, 0.08, 0.03, 0.04, 0.04, 0.06, 0.06, 0.09, 0.03, 0.02)
OPEN = (
    frozenset(Rung),
    frozenset([Rung.PAID, Rung.PAID_WITH_SUPPORT, Rung.TRIAL_PLACEMENT, Rung.LEARNING]),
    frozenset([Rung.PAID, Rung.PAID_WITH_SUPPORT, Rung.BASIC_JOB, Rung.WORK_EXPERIENCE, Rung.VOLUNTEERING]),
    frozenset([Rung.SHELTERED, Rung.VOLUNTEERING, Rung.SOCIAL_ACTIVATION, Rung.DAY_ACTIVITY]),
)
TRAVEL_KM = (3, 8, 15, 20, 25)
LICENCES = ("B", "VCA", "VOG", "HACCP", "forklift", "C", "BHV", "SVH")
ASKED_LEVELS = (None, None, Level.A1, Level.A2, Level.B1, Level.B2)
SPOKEN_LEVELS = (Level.A1, Level.A2, Level.B1, Level.B2, Level.C1)
ASKED_HOURS = ((4, 12), (8, 16), (12, 24), (16, 32), (24, 36), (32, 40))
WISHED_HOURS = ((4, 16), (8, 24), (16, 32), (24, 36), (32, 40))


class Region:
    """Draws people, who say four sentences, and places, which say eight, in towns some 40 km across."""

    def __init__(self, seed: int = 7) -> None:
        self._draw = np.random.default_rng(seed)
        around = self._draw.normal(size=(TOWNS, 2)) * (0.1, 0.16)
        self._towns = [Position(52 + north, 6.3 + east) for north, east in around.tolist()]
        self._works = self._draw.normal(size=(KINDS_OF_WORK, DIMENSION)) / DIMENSION**0.5

    def person(self, number: int) -> Profile:
        """One person."""
        low, high = self._one_of(WISHED_HOURS)
        seeker = Seeker(
            f"s{number:05}",
            abilities=("ik kook", "ik serveer"),
            learning=("ik wil leren bakken",),
            motivations=("onder de mensen zijn",),
            position=self._one_of(self._towns),
            max_travel_km=self._one_of(TRAVEL_KM),
            hours_min=low,
            hours_max=high,
            dayparts=self._dayparts(0.4),
            language=LanguageLevels(self._one_of(SPOKEN_LEVELS), self._one_of(SPOKEN_LEVELS)),
            licences=frozenset(self._some_of(LICENCES, (0, 0, 1, 1, 2, 4))),
            support_needs=frozenset(self._some_of(list(Support), (0, 0, 0, 1, 1, 2))),
            open_to=self._one_of(OPEN),
        )
        return Profile(seeker, self._vectors(len(seeker_texts(seeker))))

    def place(self, number: int) -> Place:
        """One place."""
        low, high = self._one_of(ASKED_HOURS)
        work = Opportunity(
            f"p{number:05}",
            LADDER[self._draw.choice(len(LADDER), p=RUNGS)],
            "Hulp in de keuken",
            summary="Een eetcafé.",
            tasks=("koken", "serveren", "afwassen"),
            needs=(Need("vroeg opstaan"), Need("kunnen tillen", learnable=True)),
            offers="een gezellig team",
            position=self._one_of(self._towns),
            hours_min=low,
            hours_max=high,
            dayparts=self._dayparts(0.5),
            language_min=LanguageLevels(self._one_of(ASKED_LEVELS), self._one_of(ASKED_LEVELS)),
            licences=frozenset(self._some_of(LICENCES, (0, 0, 0, 1, 1, 2))),
            support=frozenset(self._some_of(list(Support), (0, 1, 2, 3, 5))),
            positions=self._one_of((1, 1, 1, 2, 3)),
        )
        return Place(work, self._vectors(len(opportunity_texts(work))))

    def _vectors(self, count: int) -> Vectors:
        own = self._draw.normal(size=(count, DIMENSION)) / DIMENSION**0.5
        closeness = self._draw.uniform(0.2, 0.8)
        vectors = closeness * self._works[self._draw.integers(KINDS_OF_WORK)] + 0.67 * own
        vectors[:, 0] += 0.5
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _one_of(self, things: Sequence[Thing]) -> Thing:
        return things[self._draw.integers(len(things))]

    def _some_of(self, things: Sequence[Thing], counts: Sequence[int]) -> list[Thing]:
        numbers = self._draw.choice(len(things), self._one_of(counts), replace=False)
        return [things[number] for number in numbers]

    def _dayparts(self, flexible: float) -> frozenset[str] | None:
        if self._draw.random() < flexible:
            return None
        return frozenset(self._some_of(DAYPARTS[:15], range(4, 13)))
