"""Vacancies that employers left in the widget, with whom to answer."""

import asyncpg

from matching.model import Opportunity
from matching.vectors import opportunity_texts
from service.db.connect import Connection
from service.db.embeddings import text_digest
from service.db.keys import index_key
from service.db.revisions import take_turn
from service.db.sites import Site
from service.interchange import OpportunityRecord


async def receive(
    connection: Connection, site: Site, record: OpportunityRecord, opportunity: Opportunity, contact: dict[str, str]
) -> None:
    """Keeps a draft at the organisation of a site, once for each id; in the caller's transaction.

    Args:
        contact: name, email and phone.
    """
    latitude, longitude, exact = opportunity.position or (None, None, False)
    fields = record.model_dump(mode="json") | {"latitude": latitude, "longitude": longitude, "position_exact": exact}
    levels = opportunity.language_min
    fields |= {"speaking_min": levels.speaking, "reading_min": levels.reading}
    await take_turn(connection)
    await connection.execute(
        "SELECT passend_receive_vacancy($1, $2, $3, $4, $5, $6)",
        site.id,
        index_key(record.id),
        fields,
        contact,
        [text_digest(text) for text in opportunity_texts(opportunity)],
        record.digest(),
    )


async def left_by(connection: Connection, opportunity_id: str) -> asyncpg.Record | None:
    """Whom to answer about a place (site, contact_name, contact_email, contact_phone), if it came in through the widget."""
    return await connection.fetchrow(
        """SELECT site.name AS site, contact_name, contact_email, contact_phone
           FROM received_vacancy JOIN site ON site.id = site_id WHERE opportunity_id = $1""",
        opportunity_id,
    )


async def in_sight(connection: Connection) -> list[asyncpg.Record]:
    """The latest hundred that may be seen, newest first, with the place each became."""
    return await connection.fetch(  # type: ignore[no-any-return]
        """SELECT opportunity_id AS opportunity, opportunity.title, opportunity.organisation, opportunity.place,
               opportunity.status, site.name AS site,
               contact_name, contact_email, contact_phone, received_at
           FROM received_vacancy JOIN opportunity ON opportunity.id = opportunity_id JOIN site ON site.id = site_id
           ORDER BY received_at DESC, opportunity_id LIMIT 100"""
    )
