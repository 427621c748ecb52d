"""No use of a person's data without a record of it."""

from service.db import seekers
from service.db.connect import Connection
from service.db.processing_log import Activity, record
from service.errors import NotFound


async def use(connection: Connection, seeker_id: str, activity: Activity, what: str) -> None:
    """Records that something is done with the data of one person.

    Raises:
        NotFound: there is no such person for the one who asks.
    """
    if not await seekers.is_there(connection, seeker_id):
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    await record(connection, activity, what, [seeker_id])
