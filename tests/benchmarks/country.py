"""People and places of a whole country, drawn reproducibly: spread by the population of postcodes, told in ESCO's sentences.

A place says about six sentences, which are really encoded. Its whole text is not (a million would take an hour): the mean of
the vectors of its sentences, with some noise, stands in for it. So does it for the whole profile of a person.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.model import DAYPARTS, LanguageLevels, Level, Need, Opportunity, Position, Rung, Seeker, Support, Transport
from matching.practical import distance_km
from matching.vectors import Place, Profile
from tests.benchmarks.sentences import Vocabulary

NOISE = 0.25
RUNGS = dict(zip(Rung, (55, 8, 3, 4, 4, 6, 6, 9, 3, 2), strict=True))
TRAVEL = {Transport.WALK: 3, Transport.BIKE: 8, Transport.EBIKE: 15, Transport.PUBLIC: 20, Transport.CAR: 25}
LICENCES = ("B", "VCA", "VOG", "HACCP", "forklift", "C", "BHV", "SVH")
LEVELS = (Level.A1, Level.A2, Level.B1, Level.B2)
OPEN = (
    frozenset(Rung),
    frozenset([Rung.PAID, Rung.PAID_WITH_SUPPORT, Rung.TRIAL_PLACEMENT, Rung.LEARNING]),
    frozenset([Rung.PAID, Rung.PAID_WITH_SUPPORT, Rung.BASIC_JOB, Rung.WORK_EXPERIENCE, Rung.VOLUNTEERING]),
    frozenset([Rung.SHELTERED, Rung.VOLUNTEERING, Rung.SOCIAL_ACTIVATION, Rung.DAY_ACTIVITY]),
)


@dataclass(frozen=True)
class Postcodes:
    """Centres and population of postcodes."""

    codes: list[str]
    towns: list[str]
    positions: list[Position]
    people: NDArray[np.float64]

    def draw(self, chance: random.Random, count: int) -> list[int]:
        """Numbers of postcodes, each as often as people live there."""
        return chance.choices(range(len(self.codes)), weights=self.people.tolist(), k=count)

    def around(self, centre: Position, km: float) -> "Postcodes":
        """The postcodes within so many kilometres."""
        near = [number for number, position in enumerate(self.positions) if distance_km(centre, position) <= km]
        parts = ([some[number] for number in near] for some in (self.codes, self.towns, self.positions))
        return Postcodes(*parts, self.people[near])


def read_postcodes(path: Path) -> Postcodes:
    """Reads the PC4 table with population."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lat"] and float(row["inwoners"] or 0) > 0]
    positions = [Position(float(row["lat"]), float(row["lon"])) for row in rows]
    people = np.array([float(row["inwoners"]) for row in rows])
    return Postcodes([row["postcode"] for row in rows], [row["plaats"] for row in rows], positions, people)


def places(vocabulary: Vocabulary, postcodes: Postcodes, count: int, seed: int = 1) -> Iterator[Place]:
    """That many places."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    for number, at in enumerate(postcodes.draw(chance, count)):
        yield _place(f"p{number:07}", at, vocabulary, postcodes, chance, noise)


def people(vocabulary: Vocabulary, postcodes: Postcodes, count: int, seed: int = 2, prefix: str = "s") -> Iterator[Profile]:
    """That many people with their vectors."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    for number, at in enumerate(postcodes.draw(chance, count)):
        yield _person(f"{prefix}{number:06}", at, vocabulary, postcodes, chance, noise)


def _place(
    identifier: str, at: int, vocabulary: Vocabulary, postcodes: Postcodes, chance: random.Random, noise: np.random.Generator
) -> Place:
    work = chance.choice(vocabulary.works)
    near = vocabulary.works[chance.choice(vocabulary.by_group[work.group])]
    title = chance.choice(work.names)
    summary, *tasks = chance.sample(work.sentences, min(len(work.sentences), 3))
    tasks.append(chance.choice(near.names))
    needs = [chance.choice(near.sentences)]
    offers = chance.choice(chance.choice(vocabulary.works).sentences)
    said = [title, summary, offers, *tasks, *needs]
    hours = chance.choice([(4, 12), (8, 16), (12, 24), (16, 32), (24, 36), (32, 40)])
    texts = vocabulary.texts
    opportunity = Opportunity(
        id=identifier,
        kind=chance.choices(list(RUNGS), weights=list(RUNGS.values()))[0],
        title=texts[title],
        organisation=f"Werkgever {chance.randrange(100_000)}",
        place=postcodes.towns[at],
        summary=texts[summary],
        tasks=tuple(texts[task] for task in tasks),
        needs=tuple(Need(texts[need], chance.random() < 0.6, chance.random() < 0.5) for need in needs),
        offers=texts[offers],
        position=postcodes.positions[at],
        hours_min=hours[0],
        hours_max=hours[1],
        dayparts=_dayparts(chance, 0.5),
        language_min=LanguageLevels(chance.choice([None, None, *LEVELS]), chance.choice([None, None, None, *LEVELS])),
        licences=frozenset(chance.sample(LICENCES, chance.choice([0, 0, 0, 1, 1, 2]))),
        support=frozenset(chance.sample(list(Support), chance.choice([0, 1, 2, 3, 5]))),
        positions=chance.choice([0, *[1] * 12, 2, 2, 3]),
    )
    vectors = vocabulary.vectors[[title, summary, offers, *tasks, *needs]].astype(np.float32)
    whole = _together(vocabulary, said[:2] + tasks, noise)
    return Place(opportunity, np.concatenate([whole[None], vectors]))


def _person(
    identifier: str, at: int, vocabulary: Vocabulary, postcodes: Postcodes, chance: random.Random, noise: np.random.Generator
) -> Profile:
    work = chance.choice(vocabulary.works)
    near = vocabulary.works[chance.choice(vocabulary.by_group[work.group])]
    abilities = list(dict.fromkeys([chance.choice(work.sentences), chance.choice(work.names), chance.choice(near.sentences)]))
    motivations = list({chance.choice(chance.choice(vocabulary.works).sentences) for _ in range(2)})
    learning = [chance.choice(near.names)] if chance.random() < 0.4 else []
    transport = chance.choice(list(TRAVEL))
    hours = chance.choice([(4, 16), (8, 24), (16, 32), (24, 36), (32, 40)])
    texts = vocabulary.texts
    seeker = Seeker(
        id=identifier,
        abilities=tuple(texts[one] for one in abilities),
        motivations=tuple(texts[one] for one in motivations),
        learning=tuple(texts[one] for one in learning),
        position=postcodes.positions[at],
        max_travel_km=float(TRAVEL[transport]),
        transport=transport,
        hours_min=hours[0],
        hours_max=hours[1],
        dayparts=_dayparts(chance, 0.4),
        language=LanguageLevels(chance.choice([*LEVELS, Level.C1]), chance.choice([*LEVELS, Level.C1])),
        licences=frozenset(chance.sample(LICENCES, chance.choice([0, 0, 1, 1, 2, 4]))),
        support_needs=frozenset(chance.sample(list(Support), chance.choice([0, 0, 0, 1, 1, 2]))),
        open_to=chance.choice(OPEN),
    )
    sentences = [*abilities, *learning, *motivations]
    heads = [_together(vocabulary, sentences, noise), _together(vocabulary, [*abilities, *learning], noise)]
    return Profile(seeker, np.concatenate([heads, vocabulary.vectors[sentences].astype(np.float32)]).astype(np.float32))


def _together(vocabulary: Vocabulary, some: list[int], noise: np.random.Generator) -> NDArray[np.float32]:
    mean = vocabulary.vectors[some].astype(np.float32).mean(axis=0)
    drawn = noise.normal(size=len(mean)).astype(np.float32)
    whole = mean / np.linalg.norm(mean) + NOISE * drawn / np.linalg.norm(drawn)
    return np.asarray((whole / np.linalg.norm(whole)).astype(np.float16).astype(np.float32))


def _dayparts(chance: random.Random, flexible: float) -> frozenset[str] | None:
    if chance.random() < flexible:
        return None
    return frozenset(chance.sample(DAYPARTS[:15], chance.randint(4, 12)))
