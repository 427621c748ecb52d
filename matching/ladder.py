"""The ladder: why the ranking stepped down from a rung, and which place below is a stepping stone towards it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.explaining import WORTH_SAYING, strengths
from matching.model import Match, Rule, Rung, Seeker, State, ordered
from matching.scoring import Weights
from matching.vectors import Places, cosines

MOST_STONES = 3
DUTCH = "Nederlands"
_CATEGORIES = "(?:am|be?|ce?|d|t|en|of)"
LANGUAGE = re.compile(r"\b(taal|nederlands|language|dutch)")


@dataclass(frozen=True)
class StepDown:
    """An open rung above the one reached, with its nearest places and what stood between them and the person."""

    rung: Rung
    nearest: tuple[Match, ...]


@dataclass(frozen=True)
class SteppingStone:
    """A place within reach now that builds what a place on a higher rung asks for.

    Attributes:
        builds: tasks of the higher place that are practised here, and licences or language that are worked on here.
    """

    place: Match
    towards: Match
    builds: tuple[str, ...]


def stepped_down(seeker: Seeker, reached: Rung | None, above: Sequence[Match]) -> tuple[StepDown, ...]:
    """Every open rung above the one reached, from the top, with its nearest places out of `above`."""
    depth = reached.depth if reached else len(Rung)
    return tuple(
        StepDown(rung, tuple(match for match in above if match.opportunity.kind is rung))
        for rung in ordered(seeker.open_to)
        if rung.depth < depth
    )


def stepping_stones(
    places: Places, above: Sequence[Match], within_reach: Sequence[Match], weights: Weights
) -> tuple[SteppingStone, ...]:
    """For the nearest places above, the places below them that build most of what they ask; strongest first."""
    numbers = {opportunity.id: number for number, opportunity in enumerate(places.opportunities)}
    suited = [match for match in within_reach if match.band < len(weights.bands)]
    stones = []
    for towards in above:
        below = [match for match in suited if match.opportunity.kind.depth > towards.opportunity.kind.depth]
        options = [(_built(places, numbers, match, towards, weights), match) for match in below]
        worth = [(builds, match) for builds, match in options if builds]
        if worth:
            builds, match = min(worth, key=lambda option: (-len(option[0]), option[1].band, option[1].opportunity.id))
            stones.append(SteppingStone(match, towards, builds))
    stones.sort(key=lambda stone: (-len(stone.builds), stone.towards.opportunity.kind.depth, stone.towards.opportunity.id))
    return tuple(stones[:MOST_STONES])


def _built(places: Places, numbers: dict[str, int], stone: Match, towards: Match, weights: Weights) -> tuple[str, ...]:
    here = places.tasks[places.task_rows(numbers[stone.opportunity.id])]
    there = places.tasks[places.task_rows(numbers[towards.opportunity.id])]
    practised = strengths(cosines(here, there).max(axis=0), weights)
    tasks = towards.opportunity.tasks or (towards.opportunity.title,)
    built = [tasks[number] for number in np.flatnonzero(practised >= WORTH_SAYING)]
    return tuple(built + _practical_steps(stone, towards)) if built else ()


def _practical_steps(stone: Match, towards: Match) -> list[str]:
    text = f"{stone.opportunity.summary} {stone.opportunity.offers}".lower()
    steps = []
    for outcome in towards.unmet:
        if outcome.rule is Rule.LICENCES and outcome.state is not State.MET:
            asked = outcome.facts["licences"]
            steps += [licence for licence in asked if mentions(text, licence)] if isinstance(asked, list) else []
        if outcome.rule is Rule.LANGUAGE and LANGUAGE.search(text):
            steps.append(DUTCH)
    return steps


def mentions(text: str, licence: str) -> bool:
    """Whether a lower-case text names a licence or certificate, as a word of its own.

    The one or two letters of a driving licence count only next to the word: "rijbewijs AM of B", "C-rijbewijs".
    """
    name = re.escape(licence.lower())
    driving = rf"\brijbewijs[\s(:]+(?:{_CATEGORIES}[\s,/]+)*{name}(?!\w)|(?<!\w){name}[- ]?rijbewijs"
    return re.search(driving if len(licence) <= 2 else rf"(?<!\w){name}(?!\w)", text) is not None
