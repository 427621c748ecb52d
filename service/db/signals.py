"""Signals: people whom nobody should lose sight of. Each is one question to the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from service.db.connect import Connection


class Signal(StrEnum):
    """Why someone comes up."""

    NO_PLAN = "no_plan"
    NO_CONTACT = "no_contact"
    NO_NEW_MATCH = "no_new_match"
    NEVER_SURFACED = "never_surfaced"
    LEAVING_SCHOOL = "leaving_school"


@dataclass(frozen=True, slots=True)
class Weeks:
    """After how many weeks a municipality wants to be told."""

    contact: int = 8
    match: int = 4
    school: int = 26


@dataclass(frozen=True, slots=True)
class Told:
    """One person, why they come up, and since (or, leaving school: until) when."""

    seeker: str
    signal: Signal
    since: datetime


# $1, $2, $3: weeks of contact, match and school. What the one who asks may not see is not there.
_QUESTIONS = {
    Signal.NO_PLAN: """
        SELECT seeker.id, seeker.created_at AS since FROM seeker
        WHERE NOT EXISTS (SELECT FROM plan WHERE plan.seeker_id = seeker.id AND coalesce(ends_on, current_date) >= current_date)
    """,
    Signal.NO_CONTACT: """
        SELECT seeker.id, coalesce(max(contact_moment.at), seeker.created_at) AS since
        FROM seeker LEFT JOIN contact_moment ON contact_moment.seeker_id = seeker.id AND contact_moment.at <= now()
        GROUP BY seeker.id
        HAVING coalesce(max(contact_moment.at), seeker.created_at) < now() - make_interval(weeks => $1)
    """,
    Signal.NO_NEW_MATCH: """
        SELECT seeker.id, coalesce(max(found.first_at), seeker.created_at) AS since
        FROM seeker LEFT JOIN (
            SELECT seeker_id, opportunity_id, min(first_at) AS first_at FROM surfacing GROUP BY seeker_id, opportunity_id
        ) AS found ON found.seeker_id = seeker.id
        GROUP BY seeker.id
        HAVING coalesce(max(found.first_at), seeker.created_at) < now() - make_interval(weeks => $2)
    """,
    Signal.NEVER_SURFACED: """
        SELECT seeker.id, seeker.created_at AS since FROM seeker
        WHERE NOT EXISTS (SELECT FROM surfacing WHERE surfacing.seeker_id = seeker.id)
    """,
    Signal.LEAVING_SCHOOL: """
        SELECT seeker_id AS id, leaves_on::timestamptz AS since FROM school_leaving
        WHERE leaves_on BETWEEN current_date AND current_date + 7 * $3
    """,
}
_ALL = " UNION ALL ".join(
    f"SELECT '{signal}' AS signal, id, since FROM ({question}) AS told" for signal, question in _QUESTIONS.items()
)


async def page(
    connection: Connection, weeks: Weeks, signals: Sequence[Signal], only_mine: bool, after: tuple[str, str] | None, limit: int
) -> list[Told]:
    """People who come up, by code, after a mark (code, signal); one more than `limit` when there are more.

    Args:
        only_mine: those of whom the one who asks is the client manager.
    """
    rows = await connection.fetch(
        f"""
        SELECT told.signal, told.id, told.since FROM ({_ALL}) AS told JOIN seeker ON seeker.id = told.id
        WHERE told.signal = ANY ($4) AND (NOT $5 OR seeker.client_manager_id = passend_user_id())
            AND ($6::text IS NULL OR (told.id, told.signal) > ($6, $7))
        ORDER BY told.id, told.signal LIMIT $8 + 1
        """,
        *(weeks.contact, weeks.match, weeks.school),
        list(signals),
        only_mine,
        *(after or (None, None)),
        limit,
    )
    return [Told(row["id"], Signal(row["signal"]), row["since"]) for row in rows]


async def weeks_of(connection: Connection, organisation_id: UUID) -> tuple[Weeks, int]:
    """The periods of a municipality and their version; version 0 where it has set none."""
    row = await connection.fetchrow(
        "SELECT contact_weeks, match_weeks, school_weeks, version FROM signal_setting WHERE organisation_id = $1", organisation_id
    )
    return (Weeks(row["contact_weeks"], row["match_weeks"], row["school_weeks"]), row["version"]) if row else (Weeks(), 0)


async def set_weeks(connection: Connection, organisation_id: UUID, version: int, weeks: Weeks) -> int | None:
    """Changes the given version of the periods; returns the next version, or None when it is another one by now."""
    number: int | None = await connection.fetchval(
        """
        INSERT INTO signal_setting AS known (organisation_id, contact_weeks, match_weeks, school_weeks)
        SELECT $1, $2, $3, $4 WHERE $5 = 0 OR EXISTS (SELECT FROM signal_setting WHERE organisation_id = $1)
        ON CONFLICT (organisation_id) DO UPDATE SET contact_weeks = $2, match_weeks = $3, school_weeks = $4,
            version = known.version + 1 WHERE known.version = $5
        RETURNING version
        """,
        organisation_id,
        *(weeks.contact, weeks.match, weeks.school),
        version,
    )
    return number


async def set_school_leaving(connection: Connection, seeker_id: str, leaves_on: date | None) -> None:
    """Keeps when someone is expected to leave school; None forgets it."""
    if leaves_on is None:
        await connection.execute("DELETE FROM school_leaving WHERE seeker_id = $1", seeker_id)
        return
    await connection.execute(
        """
        INSERT INTO school_leaving (seeker_id, leaves_on) VALUES ($1, $2)
        ON CONFLICT (seeker_id) DO UPDATE SET leaves_on = excluded.leaves_on
        """,
        seeker_id,
        leaves_on,
    )
