"""What the database refuses, as errors of the service: `passend_refuse` in the migrations gives them their number."""

import contextlib
from collections.abc import Iterator

import asyncpg

from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed, NotFound, PassendError

_KINDS: dict[str, type[PassendError]] = {
    "PS400": BadInput,
    "PS403": NotAllowed,
    "PS404": NotFound,
    "PS409": Conflict,
    "PS412": ChangedMeanwhile,
}


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turns what the database refuses inside this context into errors of the service.

    Raises:
        NotAllowed: also where a policy forbids it.
        PassendError: what `passend_refuse` was told to say.
    """
    try:
        yield
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotAllowed("Your role does not allow this.") from error
    except asyncpg.PostgresError as error:
        if error.sqlstate not in _KINDS:
            raise
        raise _KINDS[error.sqlstate](error.message, error.detail or "") from error
