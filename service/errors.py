"""Everything that can go wrong in the service; each error carries its HTTP status and says what to do."""


class PassendError(Exception):
    """Base of the service's errors.

    Attributes:
        pointer: the field of the request that it is about, as a JSON pointer; empty where there is none.
    """

    status = 500

    def __init__(self, message: str = "", pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class NotFound(PassendError):
    """There is no such person, place, receipt or occupation."""

    status = 404


class BadInput(PassendError):
    """What was handed in cannot be used."""

    status = 400


class UnusableFile(BadInput):
    """A file is missing, unreadable or of an unknown form."""


class NotAllowed(PassendError):
    """This user may not do that."""

    status = 403


class Conflict(PassendError):
    """It does not go with how things are now."""

    status = 409


class ChangedMeanwhile(PassendError):
    """Someone else changed it since it was read."""

    status = 412


class DatabaseUnusable(PassendError):
    """The database cannot be reached, is too old, or was changed by hand."""

    status = 503


class NotReady(PassendError):
    """The process is still starting."""

    status = 503
