"""Everyone in an area with every free place in it, and what suits whom: the start of each question about a caseload."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.caseload import Suited, all_suited
from matching.model import Opportunity, Seeker
from matching.scoring import Weights
from service.area import Area
from service.db import opportunities, seekers
from service.db.connect import Connection


@dataclass(frozen=True)
class Caseload:
    """People in order of arrival, free places by id, and the pairs that fit practically."""

    seekers: Sequence[Seeker]
    places: Mapping[str, Opportunity]
    pairs: Sequence[Suited]


async def caseload(connection: Connection, encoder: int, weights: Weights, area: Area) -> Caseload:
    """Loads and scores everyone in the area with every free place in it."""
    profiles = await seekers.caseload(connection, encoder, area.postcodes)
    places = await opportunities.open_places(connection, encoder, area.postcodes)
    profiles = [profile for profile in profiles if area.holds(profile.seeker.position)]
    places = [place for place in places if area.holds(place.opportunity.position)]
    return Caseload(
        seekers=[profile.seeker for profile in profiles],
        places={place.opportunity.id: place.opportunity for place in places},
        pairs=await asyncio.to_thread(all_suited, profiles, places, weights),
    )
