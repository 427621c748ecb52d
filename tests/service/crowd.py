"""Many people who do the same kinds of work, in the world, so that there are groups large enough to tell of."""

from uuid import UUID

import asyncpg

from embeddings.encoder import Encoder
from matching.vectors import seeker_texts
from service.db import revisions, seekers
from service.encoding import encode_missing
from service.geography import Gazetteer
from service.interchange import SeekerRecord
from tests.service.world import number

CLEANS = "Ik maak kantoren en trappenhuizen schoon, heel precies."
GARDENS = "Ik houd tuinen bij: snoeien, maaien en wieden."
PERSON = {
    "abilities": [CLEANS],
    "motivations": ["Ik wil nuttig zijn."],
    "place": "Doetinchem",
    "max_travel_km": 15,
    "hours_min": 8,
    "hours_max": 24,
    "language": {"speaking": "A2", "reading": "A1"},
    "open_to": ["paid"],
}


async def add_people(
    owner: asyncpg.Pool, encoder: Encoder, gazetteer: Gazetteer, ids: list[str], home: UUID | None = None, **fields: object
) -> None:
    """Adds people who clean, with these fields otherwise; to the municipality m1 unless told otherwise."""
    records = [SeekerRecord.model_validate({**PERSON, **fields, "id": one}) for one in ids]
    people = [(record, record.to_model(gazetteer)) for record in records]
    await encode_missing(owner, encoder, [text for _, one in people for text in seeker_texts(one)])
    async with owner.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        for record, one in people:
            await seekers.save(connection, record, one, home or number("m1"))


async def remove_people(owner: asyncpg.Pool, *ids: str) -> None:
    """Takes people out again; all that `add_people` added when none is named."""
    await owner.execute("DELETE FROM seeker WHERE id LIKE 'crowd%' AND ($1::text[] = '{}' OR id = ANY ($1))", list(ids))
