"""Versions of what is changed: ETag in an answer, If-Match in a change, so that two editors notice each other."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from service.errors import BadInput, VersionNotSaid


def _version(if_match: Annotated[str | None, Header(description="The ETag of what was read.")] = None) -> int:
    if if_match is None:
        raise VersionNotSaid("Send the ETag of what you read in If-Match.")
    said = re.fullmatch(r'"(\d{1,9})"', if_match)
    if said is None:
        raise BadInput("If-Match holds an ETag as it was given, with its quotes.")
    return int(said[1])


SeenVersion = Annotated[int, Depends(_version)]
"""The version that a change is based on."""

IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=200, description="The same key creates once, however often it is sent.")
]


def tag(response: Response, version: int) -> None:
    """Says which version an answer is."""
    response.headers["ETag"] = f'"{version}"'
