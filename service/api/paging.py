"""Pages of a list: `limit` and `cursor` in the request, `items` and `next` in the answer."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from service.errors import BadInput

Row = TypeVar("Row")
PageSize = Annotated[int, Query(alias="limit", ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=200, description="The `next` of the page before.")]


def next_cursor(rows: Sequence[Row], limit: int, place: Callable[[Row], Sequence[object]]) -> str | None:
    """Where the next page begins, or None at the end; `rows` is one longer than `limit` when there is more."""
    if len(rows) <= limit:
        return None
    written = json.dumps([str(part) for part in place(rows[limit - 1])], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def place_of(cursor: str, parse: Callable[..., Row]) -> Row:
    """What a cursor says, through `parse`.

    Raises:
        BadInput: it was not made by `next_cursor`.
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return parse(*parts)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadInput("This cursor is not one of ours. Begin without it.", "/cursor") from error
