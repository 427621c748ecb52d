"""Structured logs: one JSON object a line, with nothing in it that says who a person is or what they told."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

FIELDS = ("method", "route", "status", "milliseconds", "trace_id", "span_id")
"""What a line may carry besides its event. Everything else that is given as `extra` is left out."""

_OWN = ("service", "embeddings", "uvicorn")


class JsonLines(logging.Formatter):
    """A record as one line of JSON.

    Messages of other packages are left out: a driver quotes the row that it could not store. Of an error kind and origin
    are kept, and not its text, for the same reason.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; times in UTC."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            **{name: getattr(record, name) for name in FIELDS if hasattr(record, name)},
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = error_without_words(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def error_without_words(error: BaseException) -> dict[str, Any]:
    """Kind and place of an error and of what caused it, without any value."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return {"kind": kind, "frames": frames, **({"cause": error_without_words(cause)} if cause else {})}


def configure(level: str) -> None:
    """Sends every log of the process to standard error as JSON lines; uvicorn's access lines, which hold addresses, are off."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.captureWarnings(True)


def _event(record: logging.LogRecord) -> str:
    own = record.name.partition(".")[0] in _OWN
    return record.getMessage() if own else f"{record.module}:{record.lineno}"
