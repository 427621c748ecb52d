"""Everything that can go wrong in the service; each error carries its HTTP status and says what to do."""

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType


class PassendError(Exception):
    """Base of the service's errors.

    Attributes:
        headers: what an HTTP answer says besides.
        faults: the fields of the request that it is about, each as a JSON pointer with what is wrong; empty where there is none.
    """

    status = 500
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str = "", pointer: str = "") -> None:
        super().__init__(message)
        self.faults = [(pointer, message)] if pointer else []


class NotSignedIn(PassendError):
    """It is not known who asks, or no longer."""

    status = 401
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class NotAllowed(PassendError):
    """Who asks may not do this, in this role or with this token."""

    status = 403


class NotFound(PassendError):
    """There is no such person, place, receipt or occupation."""

    status = 404


class TooSoon(PassendError):
    """Too many tries; the next one has to wait."""

    status = 429

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(math.ceil(wait.total_seconds()))}


class BadInput(PassendError):
    """What was handed in cannot be used."""

    status = 400


@contextlib.contextmanager
def about(pointer: str) -> Iterator[None]:
    """Says of bad input inside this context in which field of the request it was, where that was not said."""
    try:
        yield
    except BadInput as problem:
        problem.faults = problem.faults or [(pointer, str(problem))]
        raise


class UnusableFile(BadInput):
    """A file is missing, unreadable or of an unknown form."""


class UnfitText(BadInput):
    """A text holds what is not kept here: numbers, addresses, health, benefits or debts."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(message for _, message in faults))
        self.faults = list(faults)


class NotProven(PassendError):
    """What was learned may not be used: it is not better, or was compared with something else."""

    status = 409


class Conflict(PassendError):
    """It does not go with how things are now, or there is one like this already."""

    status = 409


class ChangedMeanwhile(PassendError):
    """Someone else changed it since it was read."""

    status = 412


class VersionNotSaid(PassendError):
    """A change has to say which version it is based on."""

    status = 428


class DatabaseUnusable(PassendError):
    """The database cannot be reached, is too old, or was changed by hand."""

    status = 503


class ProviderUnusable(PassendError):
    """The identity provider cannot be reached, or its answer cannot be trusted."""

    status = 502


class NotReady(PassendError):
    """The process is still starting."""

    status = 503
