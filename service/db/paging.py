"""Pages of rows: where the last one ended."""

from datetime import datetime
from uuid import UUID

Mark = tuple[datetime, UUID]
"""Time and id of the last row that was given: rows can be added meanwhile, and none is given twice or left out."""


def name_and_number(name: str, identifier: str) -> tuple[str, UUID]:
    """A name and an id out of a cursor.

    Raises:
        ValueError: they are none of ours.
    """
    if "\0" in name:
        raise ValueError(name)
    return name, UUID(identifier)


def mark(at: str, identifier: str) -> Mark:
    """A mark out of a cursor.

    Raises:
        ValueError: it is none of ours.
    """
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not 1980 <= moment.year <= 2200:
        raise ValueError(at)
    return moment, UUID(identifier)
