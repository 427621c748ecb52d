"""Two editors notice each other: a change names the version it is made on (RFC 9110, 13.1.1)."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from service.errors import ChangedMeanwhile, VersionMissing


def expected_version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The `ETag` that came with what is changed now.")
    ] = None,
) -> int:
    """The version in `If-Match`.

    Raises:
        VersionMissing: there is no such header.
        ChangedMeanwhile: it is not one of our ETags, so it matches nothing.
    """
    if if_match is None:
        raise VersionMissing("Send the ETag of what you change in If-Match, so that nobody's change is lost.")
    known = re.fullmatch(r'"(\d{1,9})"', if_match.strip())
    if known is None:
        raise ChangedMeanwhile("This If-Match is no version of it. Read it again.")
    return int(known[1])


ExpectedVersion = Annotated[int, Depends(expected_version)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Asked again with the same key, nothing is made twice.",
    ),
]


def set_version(response: Response, version: int) -> None:
    """Puts the version in the `ETag` of an answer."""
    response.headers["ETag"] = f'"{version}"'
