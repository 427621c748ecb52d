"""Pages with a cursor: the caller hands back what it was given, and need not know what is in it."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field, TypeAdapter

from service.db.paging import Mark
from service.errors import BadInput

Cursor = Annotated[
    str | None,
    Query(max_length=300, pattern=r"^[A-Za-z0-9_-]+$", description="`next` of the page before; leave out for the first."),
]
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MOMENT = TypeAdapter[datetime](Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST)])
Row = TypeVar("Row")
PageSize = Annotated[int, Query(alias="limit", ge=1, le=100, description="How many at most.")]


def cursor(*after: Any) -> str:
    """A cursor that goes on after a row with these values."""
    return base64.urlsafe_b64encode(json.dumps(after, default=str).encode()).decode().rstrip("=")


def next_of(rows: list[Any], size: int, *names: str) -> str | None:
    """The cursor after a full page of rows, by these of their fields; None when this was the last page."""
    return cursor(*(rows[-1][name] for name in names)) if len(rows) == size else None


def mark(given: str | None) -> Mark | None:
    """Time and id in a cursor.

    Raises:
        BadInput: that is no cursor of this list.
    """
    if given is None:
        return None
    try:
        at, identifier = values(given)
        return _MOMENT.validate_python(at), UUID(identifier)
    except (ValueError, TypeError, AttributeError) as problem:
        raise BadInput("This cursor does not belong to this list. Begin again without one.") from problem


def texts(given: str | None) -> tuple[str, str] | None:
    """The two texts in a cursor.

    Raises:
        BadInput: that is no cursor of this list.
    """
    if given is None:
        return None
    found = values(given)
    if len(found) != 2 or not all(isinstance(one, str) and "\0" not in one for one in found):
        raise BadInput("This cursor does not belong to this list. Begin again without one.")
    return found[0], found[1]


def number(given: str | None) -> int:
    """The number in a cursor; 0 without one.

    Raises:
        BadInput: that is no cursor of this list.
    """
    found = values(given) if given is not None else [0]
    if len(found) != 1 or type(found[0]) is not int or not 0 <= found[0] < 2**63:
        raise BadInput("This cursor does not belong to this list. Begin again without one.")
    return found[0]


def next_cursor(rows: Sequence[Row], limit: int, place: Callable[[Row], Sequence[object]]) -> str | None:
    """Where the next page begins, or None at the end; `rows` is one longer than `limit` when there is more."""
    return cursor(*map(str, place(rows[limit - 1]))) if len(rows) > limit else None


def place_of(given: str, parse: Callable[..., Row]) -> Row:
    """What a cursor says, through `parse`.

    Raises:
        BadInput: it was not made by `next_cursor`.
    """
    try:
        return parse(*values(given))
    except (ValueError, TypeError) as error:
        raise BadInput("This cursor is not one of ours. Begin without it.", "/cursor") from error


def values(given: str) -> list[Any]:
    """What is in a cursor.

    Raises:
        BadInput: that is no cursor.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode())
    except (ValueError, RecursionError) as problem:
        raise BadInput("This is no cursor. Begin again without one.") from problem
    return found if isinstance(found, list) else []
