"""A copy of the whole database in a file, with what is needed to see that it is whole; and back."""

import asyncio
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service import ENGINE_VERSION
from service.db import backups
from service.db.connect import address, pool
from service.errors import BadInput, UnusableFile
from service.settings import Settings


@dataclass(frozen=True)
class Copied:
    """What went over.

    Attributes:
        sha256: digest of the file.
        rows: number of rows of each table.
    """

    file: str
    sha256: str
    rows: dict[str, int]


async def back_up(settings: Settings, file: Path) -> Copied:
    """Writes all there is to `file`, and digest and counts to `file`.json; the server may go on meanwhile.

    Raises:
        UnusableFile: there is a file of that name already, or it cannot be written.
    """
    if file.exists():
        raise UnusableFile(f"{file} exists already. Give another name; a backup is never written over.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        async with address(settings) as url, pool(url):
            rows = await backups.dump(url, unfinished)
        done = Copied(str(file), await asyncio.to_thread(_digest, unfinished), rows)
        _write_manifest(file, done)
        os.replace(unfinished, file)
    except OSError as problem:
        raise UnusableFile(f"{file} cannot be written: {problem}") from problem
    finally:
        unfinished.unlink(missing_ok=True)
    return done


async def restore(settings: Settings, file: Path, replace: bool = False) -> Copied:
    """Puts a backup in the database and brings it to the form of this version; stop the servers first.

    Args:
        replace: also when there is something in the database now, which is gone after that.

    Raises:
        UnusableFile: the file or its manifest is missing or damaged; nothing changed then.
        BadInput: there is something in the database, and `replace` was not given.
        DatabaseUnusable: the backup could not be read in; everything is as it was.
    """
    wanted = await asyncio.to_thread(_checked, file)
    async with address(settings) as url:
        async with pool(url) as connections:
            if not replace and await backups.is_in_use(connections):
                raise BadInput("There are people, places or users in this database. To lose them, add --replace.")
        rows = await backups.load(url, file)
        async with pool(url):
            pass
    if rows != wanted.rows:
        raise UnusableFile(f"{file} was read in, but the numbers of rows are not those of its manifest: {rows}")
    return wanted


def _write_manifest(file: Path, done: Copied) -> None:
    content = {"sha256": done.sha256, "rows": done.rows, "engine": ENGINE_VERSION, "madeAt": datetime.now(UTC).isoformat()}
    manifest(file).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def manifest(file: Path) -> Path:
    """Where digest and counts of a backup are."""
    return file.with_name(f"{file.name}.json")


def _checked(file: Path) -> Copied:
    try:
        content = json.loads(manifest(file).read_text(encoding="utf-8"))
        wanted = Copied(str(file), content["sha256"], content["rows"])
        found = _digest(file)
    except (OSError, ValueError, KeyError) as problem:
        raise UnusableFile(f"{file} and {manifest(file).name} together are a backup; one cannot be read: {problem}") from problem
    if found != wanted.sha256:
        raise UnusableFile(f"{file} is damaged: its digest is not the one in {manifest(file).name}. Take another backup.")
    return wanted


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
