"""Stepping up: who reaches a higher rung than before and what changed, and what a stepping stone opens to who starts there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.explaining import WORTH_SAYING, strengths
from matching.ladder import DUTCH, LANGUAGE, mentions
from matching.levers import LICENCE_COSTS, one_level_up
from matching.model import Opportunity, Outcome, Rung, Seeker, State
from matching.practical import practical_fit
from matching.scoring import Weights
from matching.standing import Standing, highest, open_places, standing
from matching.vectors import Place, Profile, cosines


@dataclass(frozen=True)
class StepUp:
    """A person for whom a higher rung is open than before.

    Attributes:
        place: the place of that rung that suits their abilities best.
        new_place: it was not among the places of that time.
        now_met: practical rules of it that are met now and were not for the person of that time.
        told: ability and learning sentences that are new since then.
    """

    seeker_id: str
    rung_before: Rung | None
    rung_now: Rung
    place: Opportunity
    ability: float
    new_place: bool
    now_met: tuple[Outcome, ...]
    told: tuple[str, ...]


@dataclass(frozen=True)
class Before:
    """What was so at an earlier match: the person, the rung reached, and the ids of the places that were there then."""

    seeker: Seeker
    rung: Rung | None
    places: Collection[str]


def step_up(earlier: Iterable[Before], now: Profile, places: Sequence[Place], weights: Weights) -> StepUp | None:
    """The step up since the first of the earlier matches that reached a lower rung, or None when there is none.

    Args:
        earlier: newest first.
    """
    standing = open_places(now, places, weights)
    reached = highest([standing.opportunities[row] for row in standing.fitting])
    before = next((one for one in earlier if _below(one.rung, reached)), None)
    return _step(before, now.seeker, reached, standing) if before and reached else None


def _below(rung: Rung | None, reached: Rung | None) -> bool:
    return reached is not None and (rung is None or rung.depth > reached.depth)


def _step(before: Before, now: Seeker, reached: Rung, standing: Standing) -> StepUp:
    on_rung = [row for row in standing.fitting if standing.opportunities[row].kind is reached]
    best = min(on_rung, key=lambda row: (-standing.ability[row], standing.opportunities[row].id))
    place = standing.opportunities[best]
    return StepUp(
        seeker_id=now.id,
        rung_before=before.rung,
        rung_now=reached,
        place=place,
        ability=float(standing.ability[best]),
        new_place=place.id not in before.places,
        now_met=_now_met(before.seeker, now, place),
        told=_told_since(before.seeker, now),
    )


def _now_met(before: Seeker, now: Seeker, place: Opportunity) -> tuple[Outcome, ...]:
    pairs = zip(practical_fit(before, place), practical_fit(now, place), strict=True)
    return tuple(after for then, after in pairs if then.state is not State.MET and after.state is State.MET)


def _told_since(before: Seeker, now: Seeker) -> tuple[str, ...]:
    known = {*before.abilities, *before.learning}
    return tuple(sentence for sentence in now.abilities + now.learning if sentence not in known)


@dataclass(frozen=True)
class Towards:
    """A place on a higher rung that a stepping stone builds.

    Attributes:
        tasks: its tasks that are practised on the stepping stone.
        people: to whom it opens once they can do what is done on the stepping stone.
        nearer: for whom less stands in between then, or ability reaches the threshold, while it is not open yet.
    """

    place: Opportunity
    tasks: tuple[str, ...]
    people: tuple[str, ...]
    nearer: tuple[str, ...]


@dataclass(frozen=True)
class Stone:
    """What a place is a stepping stone to.

    Attributes:
        starters: people to whom the place itself is open now.
        gives: licences, certificates and language that its text names.
    """

    place: Opportunity
    starters: tuple[str, ...]
    gives: tuple[str, ...]
    towards: tuple[Towards, ...]


def stepping_stone(stone: Place, places: Sequence[Place], profiles: Sequence[Profile], weights: Weights) -> Stone:
    """Which higher places a place builds towards, and whom of those who can start there it brings to them.

    A place is built towards when at least half of its tasks are practised.
    """
    starters = [one for one in profiles if len(open_places(one, [stone], weights).fitting)]
    starters.sort(key=lambda one: one.seeker.id)
    higher = [one for one in places if one.opportunity.kind.depth < stone.opportunity.kind.depth]
    practices = {number: tasks for number, one in enumerate(higher) if (tasks := practised(stone, one, weights))}
    brought = [_brought(one, stone, higher, weights) for one in starters]
    towards = [_towards(higher[number].opportunity, tasks, brought, number) for number, tasks in practices.items()]
    built = [one for one in towards if 2 * len(one.tasks) >= max(len(one.place.tasks), 1)]
    built.sort(key=lambda one: (-len(one.people), -len(one.nearer), -len(one.tasks), one.place.kind.depth, one.place.id))
    return Stone(stone.opportunity, tuple(one.seeker.id for one in starters), gives(stone.opportunity), tuple(built))


@dataclass(frozen=True)
class _Brought:
    """How far higher places are from someone, before and after a stepping stone: `_distances`."""

    person: str
    before: Sequence[tuple[bool, int]]
    after: Sequence[tuple[bool, int]]


def _brought(starter: Profile, stone: Place, higher: Sequence[Place], weights: Weights) -> _Brought:
    before, after = (_distances(one, higher, weights) for one in (starter, afterwards(starter, stone)))
    return _Brought(starter.seeker.id, before, after)


def _towards(place: Opportunity, tasks: tuple[str, ...], brought: Sequence[_Brought], number: int) -> Towards:
    closer = [one for one in brought if one.after[number] < one.before[number]]
    people = tuple(one.person for one in closer if not any(one.after[number]))
    return Towards(place, tasks, people, tuple(one.person for one in closer if any(one.after[number])))


def _distances(profile: Profile, places: Sequence[Place], weights: Weights) -> list[tuple[bool, int]]:
    """Of each place, whether ability is below the threshold and how many practical rules are unmet; (False, 0) is open."""
    stand = standing(profile, places, weights)
    unmet = (~stand.met).sum(axis=1)
    return [(bool(ability < weights.reached), int(count)) for ability, count in zip(stand.ability, unmet, strict=True)]


def practised(stone: Place, towards: Place, weights: Weights) -> tuple[str, ...]:
    """The tasks of a place that are practised on the stepping stone."""
    alike = strengths(cosines(stone.tasks, towards.tasks).max(axis=0), weights)
    tasks = towards.opportunity.tasks or (towards.opportunity.title,)
    return tuple(tasks[number] for number in np.flatnonzero(alike >= WORTH_SAYING))


def gives(place: Opportunity) -> tuple[str, ...]:
    """Licences, certificates and language that the text of a place names as something to get there."""
    text = f"{place.summary} {place.offers}".lower()
    named = [licence for licence in LICENCE_COSTS if mentions(text, licence)]
    return tuple(named + [DUTCH] * bool(LANGUAGE.search(text)))


def afterwards(profile: Profile, stone: Place) -> Profile:
    """The person once they can do the tasks of a place and have what it gives.

    The tasks stand as abilities in the place's own words, with the place's own vectors (t, d). The vectors of the whole profile
    stay as they are, so what opens is a cautious estimate.
    """
    seeker, added = profile.seeker, gives(stone.opportunity)
    tasks = stone.opportunity.tasks or (stone.opportunity.title,)
    grown = replace(
        seeker,
        abilities=seeker.abilities + tasks,
        licences=seeker.licences | {licence for licence in added if licence != DUTCH},
        language=one_level_up(seeker.language) if DUTCH in added else seeker.language,
    )
    at = len(profile.vectors) - len(seeker.motivations) - len(seeker.learning)
    return Profile(grown, np.insert(profile.vectors, at, stone.tasks, axis=0))
