"""What a visitor of a site may do without signing in: ask how many people could do some work, and leave a vacancy."""

import asyncio
from dataclasses import asdict, dataclass
from uuid import UUID

import numpy as np

from matching.estimating import estimate
from matching.model import Opportunity
from matching.phrases import Language
from matching.vectors import Place, opportunity_texts
from service.db import received_vacancies, sites, wordless_people
from service.db.sites import Site
from service.employers_work import POINTERS, Reading, Work, coarse, read_work
from service.encoding import encode_missing
from service.entry_check import check_record
from service.errors import BadInput, NotAllowed, NotSignedIn, TooSoon
from service.estimate_json import estimate_json
from service.opening import Passend
from service.render import Json


@dataclass(frozen=True)
class Contact:
    """Whom to answer."""

    name: str
    email: str
    phone: str = ""


async def admitted(passend: Passend, site: Site | None, allowed: bool, address: str) -> Site:
    """The site that a request comes from, counted.

    Args:
        allowed: whether its page is one of the site's.

    Raises:
        NotSignedIn: no site has this key.
        NotAllowed: the key was revoked, or belongs to another site.
        TooSoon: there were too many requests from this address or site.
    """
    if site is None:
        raise NotSignedIn("No site has this key. Copy the key again as it was given.")
    if not allowed:
        raise NotAllowed("This page is not one of the site of this key. Ask who gave the key to add its origin.")
    if site.revoked:
        raise NotAllowed("This key does not work any more. Ask who gave it for a new one.")
    wait = await sites.admit(passend.app, site.id, address)
    if wait:
        raise TooSoon("There were too many questions. Try again in a moment.", wait)
    return site


async def how_many(passend: Passend, site: Site, work: Work, language: Language) -> Json:
    """How many people of the region could do the work, what they bring and what would open it to more, in bands.

    Raises:
        BadInput: the text does not say what the work is.
    """
    reading = read_work(work, passend.gazetteer, {})
    asked = coarse(reading.record.to_model(passend.gazetteer))
    place = await asyncio.to_thread(_encoded, passend, asked)
    near = (await passend.search.people_near(place)).tolist()
    people = await wordless_people.who_might(passend.engine, near, asked, site.region_id, passend.search.encoder)
    profiles, keys = [profile for _, profile in people], [key for key, _ in people]
    found = await asyncio.to_thread(lambda: estimate(place, profiles, passend.skill_groups, passend.weights))
    return estimate_json(reading, asked, found, keys, language)


async def leave_vacancy(passend: Passend, site: Site, number: UUID, organisation: str, work: Work, contact: Contact) -> Reading:
    """Keeps the vacancy as a draft for the account manager, once however often it is sent.

    Raises:
        BadInput: the text does not say what the work is, or holds what does not belong in it.
    """
    reading = read_work(work, passend.gazetteer, {"id": f"w-{number}", "organisation": organisation})
    findings = check_record(reading.record)
    if findings:
        raise BadInput(findings[0].sentence, POINTERS.get(findings[0].field, "/text"))
    opportunity = reading.record.to_model(passend.gazetteer)
    await encode_missing(passend.engine, passend.encoder, opportunity_texts(opportunity))
    async with passend.app.acquire() as connection, connection.transaction():
        await received_vacancies.receive(connection, site, reading.record, opportunity, asdict(contact))
    return reading


def _encoded(passend: Passend, asked: Opportunity) -> Place:
    """The work with vectors as precise as stored ones; none is stored."""
    vectors = passend.encoder.encode(opportunity_texts(asked))
    return Place(asked, vectors.astype(np.float16).astype(np.float32))
