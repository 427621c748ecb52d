"""The people of a municipality in a list, with what says who needs attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.db.connect import Connection

_WAITING = ("suggested", "proposed", "agreed", "introduced")


@dataclass(frozen=True, slots=True)
class Row:
    """A person in a list.

    Attributes:
        says: their first sentence.
        looked_at: when someone last looked at what fits; None when never.
        new_places: places on a rung and at a distance of this person that were opened since then.
        waiting: proposals that wait for somebody's answer.
        at_work: whether they started somewhere.
    """

    id: str
    name: str | None
    place: str
    says: str | None
    client_manager_id: UUID | None
    client_manager: str | None
    looked_at: datetime | None
    new_places: int
    waiting: int
    at_work: bool


async def people(connection: Connection, words: str, only_mine: bool) -> list[Row]:
    """Those whom the one who asks may see, by name: whose name, code, town or sentences hold the words."""
    rows = await connection.fetch(
        """
        SELECT seeker.id, known.name, seeker.place, client_manager_id, looked_at,
            (SELECT colleague.name FROM colleague WHERE colleague.id = client_manager_id LIMIT 1) AS client_manager,
            (SELECT text FROM statement WHERE seeker_id = seeker.id ORDER BY number LIMIT 1) AS says,
            (
                SELECT count(*) FROM opportunity AS opened
                WHERE status = 'open' AND positions > 0 AND opened.created_at > looked_at AND kind = ANY (open_to)
                    AND coalesce(111.2 * sqrt((opened.latitude - seeker.latitude) ^ 2
                        + ((opened.longitude - seeker.longitude) * cosd(seeker.latitude)) ^ 2), 0) <= max_travel_km + 0.5
            ) AS new_places,
            going.waiting, going.at_work
        FROM seeker LEFT JOIN seeker_identity AS known ON known.seeker_id = seeker.id
        CROSS JOIN LATERAL (
            SELECT max(made_at) AS looked_at FROM receipt WHERE about = 'matches' AND subject_id = seeker.id
        ) AS looked
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = ANY ($3)) AS waiting,
                coalesce(bool_or(state IN ('trial', 'started') OR state LIKE 'lasting%'), false) AS at_work
            FROM proposal WHERE proposal.seeker_id = seeker.id
        ) AS going
        WHERE (NOT $2 OR client_manager_id = passend_user_id())
            AND ($1 = '' OR concat_ws(' ', known.name, seeker.id, seeker.place) ILIKE '%' || $1 || '%'
                OR EXISTS (SELECT FROM statement WHERE statement.seeker_id = seeker.id AND text ILIKE '%' || $1 || '%'))
        ORDER BY coalesce(known.name, seeker.id), seeker.id
        """,
        words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_"),
        only_mine,
        list(_WAITING),
    )
    return [Row(**row) for row in rows]


async def colleagues(connection: Connection) -> list[tuple[UUID, str]]:
    """Client managers of the same municipality, by name."""
    rows = await connection.fetch(
        """SELECT id, name FROM colleague WHERE role = 'client_manager' AND organisation_id = passend_user_organisation()
           ORDER BY name, id"""
    )
    return [(row["id"], row["name"]) for row in rows]


async def managers(connection: Connection, seeker_ids: Sequence[str]) -> dict[str, UUID | None]:
    """Who is the client manager of these people now; held until the transaction ends."""
    rows = await connection.fetch(
        "SELECT id, client_manager_id FROM seeker WHERE id = ANY ($1) ORDER BY id FOR UPDATE", list(seeker_ids)
    )
    return {row["id"]: row["client_manager_id"] for row in rows}


async def hand_over(connection: Connection, seeker_ids: Sequence[str], client_managers: Sequence[UUID | None]) -> None:
    """Gives each of these people the client manager at the same position."""
    await connection.execute(
        """UPDATE seeker SET client_manager_id = given.manager
           FROM unnest($1::text[], $2::uuid[]) AS given (seeker, manager) WHERE id = given.seeker""",
        list(seeker_ids),
        list(client_managers),
    )
