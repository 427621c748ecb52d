"""Pages of rows: where the last one ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Mark = tuple[datetime, UUID]
"""Time and id of the last row that was given: rows can be added meanwhile, and none is given twice or left out."""


def name_and_number(name: str, identifier: str) -> tuple[str, UUID]:
    """A name and an id out of a cursor.

    Raises:
        ValueError: they are none of ours.
    """
    return _text(name), UUID(identifier)


def mark(at: str, identifier: str) -> Mark:
    """A mark out of a cursor.

    Raises:
        ValueError: it is none of ours.
    """
    return _moment(at), UUID(identifier)


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None or not 1980 <= moment.year <= 2200:
        raise ValueError(written)
    return moment


def _text(written: str) -> str:
    if "\0" in written:
        raise ValueError(written)
    return written


@dataclass(frozen=True)
class Order:
    """Rows with a text as id in the order of a column, and of their id where that is the same."""

    column: str
    descending: bool = False
    by_moment: bool = False

    def mark(self, value: str, identifier: str) -> tuple[str | datetime, str]:
        """Value and id of a row, out of a cursor.

        Raises:
            ValueError: they are none of ours.
        """
        return (_moment(value) if self.by_moment else _text(value)), _text(identifier)

    def beyond(self, value: str, identifier: str) -> str:
        """Condition in SQL: after the row with the value and id in these parameters, or any row where they are null."""
        return f"(({self.column}, id) {'<' if self.descending else '>'} ({value}, {identifier}) OR {value} IS NULL)"

    @property
    def by(self) -> str:
        """The order in SQL."""
        direction = "DESC" if self.descending else "ASC"
        return f"{self.column} {direction}, id {direction}"
