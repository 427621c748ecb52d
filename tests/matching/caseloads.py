"""Caseloads for the tests of allocation and exposure: people with places that suit them, without texts."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from matching.caseload import Suited
from matching.model import LADDER, Rung, Seeker
from matching.scoring import band
from tests.matching.strategies import WEIGHTS

Caseload = tuple[list[Seeker], list[Suited], dict[str, int]]
"""People, who suits what, and free positions by place."""


def pair(person: str, place: str, ability: float, rung: Rung = Rung.PAID, order: float | None = None) -> Suited:
    return Suited(person, place, rung, ability, band(ability, WEIGHTS), ability if order is None else order)


@st.composite
def caseloads(draw: DrawFn, people: int = 4, places: int = 3) -> Caseload:
    """Small enough to try every allocation."""
    seekers = [
        Seeker(f"s{number}", open_to=frozenset({draw(st.sampled_from([Rung.PAID, Rung.VOLUNTEERING]))}))
        for number in range(draw(st.integers(1, people)))
    ]
    positions = {f"p{number}": draw(st.integers(1, 2)) for number in range(draw(st.integers(1, places)))}
    rungs = {place: draw(st.sampled_from([Rung.PAID, Rung.LEARNING, Rung.VOLUNTEERING])) for place in positions}
    pairs = [
        pair(seeker.id, place, draw(st.integers(0, 20)) / 20, rungs[place])
        for seeker in seekers
        for place in positions
        if draw(st.booleans())
    ]
    return seekers, pairs, positions


def region(people: int, places: int, each: int, seed: int = 7) -> Caseload:
    """A made-up region: everyone fits `each` places, better in some than in others; places have one to three positions."""
    draw = np.random.default_rng(seed)
    seekers = [Seeker(f"s{number:05}") for number in range(people)]
    positions = {f"p{number:05}": int(draw.integers(1, 4)) for number in range(places)}
    rungs = [LADDER[depth] for depth in draw.integers(0, len(LADDER), places)]
    pairs = []
    for seeker in seekers:
        chosen = draw.choice(places, each, replace=False)
        for number, ability in zip(chosen.tolist(), draw.beta(1.2, 3, each).tolist(), strict=True):
            pairs.append(pair(seeker.id, f"p{number:05}", ability, rungs[number], ability + 0.2 * draw.random()))
    return seekers, pairs, positions
