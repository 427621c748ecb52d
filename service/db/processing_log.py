"""The log of processing (Logboek Dataverwerkingen, Logius): a record for each person whose data was used, by pseudonym."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from service import ENGINE_VERSION
from service.db.connect import Connection
from service.tracing import current


class Activity(StrEnum):
    """What was done: the end of its address in a municipality's register of processing activities."""

    PROFILES = "profiles"
    MATCHING = "matching"
    PLANS = "plans"
    CONTACT = "contact"
    SIGNALS = "signals"


async def record(connection: Connection, activity: Activity, name: str, seeker_ids: Sequence[str]) -> None:
    """Writes one record for each of these people, in the caller's transaction: no use without a record.

    Args:
        name: the action, such as `read plan`; it names nobody.
    """
    trace = current()
    await connection.execute(
        "SELECT log_processing($1, $2, $3, $4, $5, $6, $7, $8)",
        trace.trace_id,
        trace.span_id,
        trace.parent_span_id,
        activity,
        name,
        datetime.now(UTC),
        ENGINE_VERSION,
        list(seeker_ids),
    )


async def page(connection: Connection, after: int, limit: int, seeker_id: str | None = None) -> list[dict[str, Any]]:
    """The records that may be seen, oldest first, one more than `limit` when there are more; of one person with `seeker_id`."""
    rows = await connection.fetch(
        """
        SELECT number, trace_id, span_id, parent_span_id, status, name, start_time, end_time, resource, attributes
        FROM processing_log
        WHERE number > $1 AND ($3::text IS NULL OR attributes->>'dpl.core.data_subject_id' = visible_data_subject($3))
        ORDER BY number LIMIT $2 + 1
        """,
        after,
        limit,
        seeker_id,
    )
    return [dict(row) for row in rows]


async def looks(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Who else used data of the acting resident, by day and action, latest first; a name where the resident may see it."""
    rows = await connection.fetch(
        """
        SELECT processing_log.name AS what, max(start_time) AS at, count(*) AS times,
            (SELECT colleague.name FROM colleague WHERE colleague.id = user_id LIMIT 1) AS who
        FROM processing_log
        WHERE attributes->>'dpl.core.data_subject_id' = own_data_subject() AND user_id IS DISTINCT FROM passend_user_id()
        GROUP BY user_id, processing_log.name, (start_time AT TIME ZONE 'Europe/Amsterdam')::date
        ORDER BY at DESC LIMIT $1
        """,
        limit,
    )
    return [dict(row) for row in rows]


async def set_register(connection: Connection, organisation_id: UUID, address: str) -> None:
    """Changes the begin of the addresses of activities, for records from now on."""
    await connection.execute("UPDATE organisation SET processing_register = $2 WHERE id = $1", organisation_id, address)
