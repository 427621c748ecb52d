"""Gives out the free places of an area over everyone in it, beside what order of arrival would have given."""

import asyncio

import asyncpg

from matching.allocation import Explained, Totals, allocate, allocation_sentence, explained, first_come, totals
from matching.phrases import Language
from matching.scoring import Weights
from service.area import Area
from service.render import Json
from service.use_cases.caseload import Caseload, caseload


async def allocate_places(pool: asyncpg.Pool, encoder: int, weights: Weights, area: Area, language: Language = "nl") -> Json:
    """A proposal for everyone in the area, with why, and the totals of both ways of giving out. Nothing is recorded."""
    everyone = await caseload(pool, encoder, weights, area)
    return await asyncio.to_thread(_allocated, everyone, weights, language)


def _allocated(everyone: Caseload, weights: Weights, language: Language) -> Json:
    seekers, pairs = everyone.seekers, everyone.pairs
    positions = {place.id: place.positions for place in everyone.places.values()}
    given = allocate(seekers, pairs, positions, weights)
    return {
        "people": len(seekers),
        "places": len(positions),
        "positions": sum(positions.values()),
        "allocation": _totals_json(totals(seekers, given, weights)),
        "first_come": _totals_json(totals(seekers, first_come(seekers, pairs, positions), weights)),
        "proposals": [_proposal_json(one, everyone, language) for one in explained(seekers, pairs, given)],
    }


def _totals_json(counted: Totals) -> Json:
    return {
        "served": counted.served,
        "served_well": counted.served_well,
        "open_to_volunteering": counted.open_to_volunteering,
        "open_to_volunteering_served": counted.volunteers_served,
        "mean_ability_band": None if counted.mean_band is None else round(counted.mean_band, 2),
        "by_rung": dict(counted.by_rung),
    }


def _proposal_json(one: Explained, everyone: Caseload, language: Language) -> Json:
    place = everyone.places[one.given.place] if one.given else None
    return {
        "seeker": one.person,
        "id": place.id if place else None,
        "title": place.title if place else None,
        "organisation": place.organisation if place else None,
        "rung": place.kind if place else None,
        "ability": round(one.given.ability, 4) if one.given else None,
        "ability_band": one.given.band + 1 if one.given else None,
        "why": one.why,
        "sentence": allocation_sentence(one, everyone.places, language),
    }
