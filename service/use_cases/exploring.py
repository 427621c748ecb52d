"""Looks at what could be: other wishes, another form of a place, new jobs, steps up, what to ask. Nothing is stored."""

from dataclasses import replace

import numpy as np

from matching.bundles import bundles as make_bundles
from matching.carving import carve as carve_place
from matching.levers import E_BIKE_KM, KM_STEPS
from matching.levers import levers as all_levers
from matching.model import LADDER, Rung
from matching.next_question import next_questions
from matching.phrases import Language
from matching.stepping_up import Before, StepUp, step_up, stepping_stone
from matching.vectors import Place, Profile
from matching.what_if import what_if as compare
from service import exploring_json as render
from service.changes import Wished, changed
from service.db import opportunities, organisations, receipts, seekers
from service.db.connect import Connection
from service.encoding import encoded_anew
from service.errors import BadInput, NotFound
from service.opening import Passend
from service.receipts import seeker_of
from service.render import Json
from service.use_cases.matching import known_place, known_profile

AREA_KM = 10.0
"""What counts as the area of a town."""


async def what_if(connection: Connection, passend: Passend, seeker_id: str, wished: Wished, language: Language = "nl") -> Json:
    """What a change of one person opens and closes, out of the places that are found before and after it.

    Raises:
        NotFound: there is no such person.
        BadInput: a change cannot be understood or changes nothing.
    """
    before = await known_profile(connection, passend.search, seeker_id)
    after = await encoded_anew(passend.encoder, before, changed(before.seeker, wished))
    places = await _places(connection, passend, before, after)
    return render.what_if_json(before.seeker, after.seeker, compare(before, after, places, passend.weights), language)


async def levers(connection: Connection, passend: Passend, seeker_id: str, language: Language = "nl") -> Json:
    """Every single change that opens places for one person, out of the places within the widest of these changes.

    Raises:
        NotFound: there is no such person.
    """
    profile = await known_profile(connection, passend.search, seeker_id)
    places = await _places(connection, passend, profile, _widest(profile))
    return render.levers_json(profile.seeker, all_levers(profile, places, passend.weights), language)


async def carve(connection: Connection, passend: Passend, opportunity_id: str, language: Language = "nl") -> Json:
    """What each need and limit of a place keeps from whom.

    Raises:
        NotFound: there is no such place.
    """
    place = await known_place(connection, passend.search, opportunity_id)
    return render.carved_json(carve_place(place, await _people(connection, passend, [place]), passend.weights), language)


async def bundles(
    connection: Connection, passend: Passend, employer: str | None, area: str | None, language: Language = "nl"
) -> Json:
    """New jobs out of the tasks of open vacancies of one employer, or in a town and what lies within 10 km of it.

    Raises:
        BadInput: not exactly one of employer and town is named.
        NotFound: there is no such town, or no open vacancy there or of that employer.
    """
    found = await _vacancies(connection, passend, employer, area)
    made = make_bundles(found, await _people(connection, passend, found), passend.weights)
    return render.bundles_json(made, len(found), language)


async def step_ups(connection: Connection, passend: Passend, seeker_id: str | None, language: Language = "nl") -> Json:
    """Who reaches a higher rung than in an earlier match, and what changed; one person, or everyone who was ever matched.

    Raises:
        NotFound: there is no such person.
    """
    people = [seeker_id] if seeker_id else await receipts.people_matched(connection)
    steps = [step for person in people if (step := await _step_up(connection, passend, person))]
    return render.step_ups_json(steps, len(people), language)


async def stepping_stones(connection: Connection, passend: Passend, opportunity_id: str, language: Language = "nl") -> Json:
    """Which higher places a place builds towards, and to whom of those who can start there they open.

    Raises:
        NotFound: there is no such place.
    """
    stone = await known_place(connection, passend.search, opportunity_id)
    people = await _people(connection, passend, [stone])
    km = max((profile.seeker.max_travel_km for profile in people), default=0.0)
    seen = await organisations.of_places(connection)
    keys = await passend.search.places_like(stone, LADDER[: stone.opportunity.kind.depth], km, seen)
    places = await opportunities.places_by_key(connection, keys.tolist(), passend.search.encoder)
    return render.stone_json(stepping_stone(stone, places, people, passend.weights), language)


async def next_question(connection: Connection, passend: Passend, seeker_id: str, language: Language = "nl") -> Json:
    """The practical question whose answer is expected to change someone's first ten places most.

    Raises:
        NotFound: there is no such person.
    """
    profile = await known_profile(connection, passend.search, seeker_id)
    places = await _places(connection, passend, profile, _widest(profile))
    return render.questions_json(profile.seeker, next_questions(profile, places, passend.weights), language)


async def _places(connection: Connection, passend: Passend, *profiles: Profile) -> list[Place]:
    """Every place that is found for one of these states of a person."""
    seen = await organisations.of_places(connection)
    keys = [await passend.search.places_near(profile, seen) for profile in profiles]
    return await opportunities.places_by_key(connection, np.unique(np.concatenate(keys)).tolist(), passend.search.encoder)


async def _vacancies(connection: Connection, passend: Passend, employer: str | None, area: str | None) -> list[Place]:
    if bool(employer) == bool(area):
        raise BadInput("Name one of these: --employer NAME or --area TOWN.")
    if employer:
        found = await opportunities.open_at(connection, passend.search.encoder, employer)
    elif centre := passend.gazetteer.locate(None, area):
        found = await opportunities.open_near(connection, passend.search.encoder, centre, AREA_KM)
    else:
        raise NotFound(f"There is no town {area!r}.")
    if not found:
        raise NotFound(f"There is no open vacancy for {employer or area!r}.")
    return found


async def _people(connection: Connection, passend: Passend, places: list[Place]) -> list[Profile]:
    seen = await organisations.of_people(connection)
    keys = [await passend.search.people_near(place, seen) for place in places]
    return await seekers.profiles_by_key(connection, np.unique(np.concatenate(keys)).tolist(), passend.search.encoder)


def _widest(profile: Profile) -> Profile:
    """The person with every rung open and the farthest that a lever reaches, so that what a lever opens is found."""
    km = max(profile.seeker.max_travel_km + max(KM_STEPS), E_BIKE_KM)
    return Profile(replace(profile.seeker, max_travel_km=km, open_to=frozenset(Rung)), profile.vectors)


async def _step_up(connection: Connection, passend: Passend, seeker_id: str) -> StepUp | None:
    now = await known_profile(connection, passend.search, seeker_id)
    places = await _places(connection, passend, now)
    earlier = [
        Before(seeker_of(row["seeker"]), Rung(row["rung"]) if row["rung"] else None, frozenset(row["places"]))
        for row in await receipts.earlier_matches(connection, seeker_id, [place.opportunity.id for place in places])
    ]
    return step_up(earlier, now, places, passend.weights)
