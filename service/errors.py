"""Everything that can go wrong in the service; each error carries its HTTP status and says what to do."""


class PassendError(Exception):
    """Base of the service's errors."""

    status = 500


class NotFound(PassendError):
    """There is no such person, place, receipt or occupation."""

    status = 404


class BadInput(PassendError):
    """What was handed in cannot be used."""

    status = 400


class UnusableFile(BadInput):
    """A file is missing, unreadable or of an unknown form."""


class DatabaseUnusable(PassendError):
    """The database cannot be reached, is too old, or was changed by hand."""

    status = 503


class NotReady(PassendError):
    """The process is still starting."""

    status = 503


class NotSignedIn(PassendError):
    """It is not known who asks."""

    status = 401


class Conflict(PassendError):
    """What is asked does not go together with what is there."""

    status = 409


class ChangedMeanwhile(PassendError):
    """Someone else changed it after it was read."""

    status = 412


class VersionMissing(PassendError):
    """A change has to say which version it is made on."""

    status = 428
