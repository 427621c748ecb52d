"""Receipts after the fact: show, do again, check the chain, and hand over to an auditor."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple, TextIO
from uuid import UUID

from matching.ranking import rank
from matching.scoring import Weights
from service import ENGINE_VERSION
from service.db import proposals, receipts, users
from service.db.connect import Connection
from service.errors import BadInput, Conflict, NotFound
from service.receipts import ChainCheck, Receipt, Snapshot, differences, receipt_from, receipt_json
from service.render import Json, candidates_json, ranking_json
from service.use_cases.administering import organisation_named
from service.use_cases.matching import people_in_turn


async def replay(connection: Connection, receipt_id: UUID) -> Json:
    """Does a run again from its receipt alone, and says whether ranking and reasons are the same, bit for bit.

    Raises:
        NotFound: there is no such receipt to see.
        Conflict: its content was erased, or changed afterwards.
    """
    receipt = await _found(connection, receipt_id)
    content = await receipts.snapshots(connection, receipt_id)
    weights = await receipts.weights(connection, receipt.weights)
    if receipt.inputs is None or receipt.result is None:
        raise Conflict("The content of this receipt was erased. Its place in the chain can still be checked.")
    faults = [*receipt.faults(), *_content_faults(receipt, content, weights)]
    if faults or weights is None:
        raise Conflict(f"This receipt cannot be done again: {'; '.join(faults)}.")
    found = differences(receipt.result, _again(receipt.about, receipt.inputs, content, weights))
    return {
        "receipt": str(receipt.id),
        "identical": not found,
        "differences": found,
        "compared": len(content) - 1,
        "engine_then": receipt.engine,
        "engine_now": ENGINE_VERSION,
        "model": receipt.model,
        "weights": receipt.weights,
    }


def _content_faults(receipt: Receipt, content: list[Snapshot], weights: Weights | None) -> list[str]:
    faults = []
    if [one.digest for one in content] != list(receipt.snapshots):
        faults.append("what was compared is no longer there as it was")
    if weights is None or weights.version != receipt.weights:
        faults.append("its weights are no longer there as they were")
    return faults


def _again(about: str, inputs: Json, content: list[Snapshot], weights: Weights) -> Json:
    subject, compared = content[0], content[1:]
    limit, language = inputs["limit"], inputs["language"]
    if about == "matches":
        profile = subject.profile()
        ranking = rank(profile, [one.place() for one in compared], weights, limit, inputs.get("out_of"))
        return ranking_json(profile.seeker, ranking, language)
    profiles = [one.profile() for one in compared]
    turns, seen = inputs.get("turns", 0), inputs.get("seen", {})
    found = people_in_turn(subject.place(), profiles, weights, limit, turns, seen)
    return candidates_json(subject.subject_id, {one.seeker.id: one.seeker for one in profiles}, found, language)


async def show_receipt(connection: Connection, receipt_id: UUID) -> Json:
    """One receipt, with inputs and result as far as they were not erased.

    Raises:
        NotFound: there is no such receipt to see.
    """
    receipt = await _found(connection, receipt_id)
    return {**receipt_json(receipt), "inputs": receipt.inputs, "result": receipt.result}


class Decided(NamedTuple):
    """Who asked for a run (empty: the operator), and every step that people took on it since."""

    asked_by: str
    steps: list[Json]


async def decisions(connection: Connection, receipt: Json) -> Decided:
    """What people decided on the run of a receipt, as far as who asks may see it."""
    asker = await users.name_of(connection, UUID(receipt["user"])) if receipt["user"] else None
    return Decided(asker or "", [dict(row) for row in await proposals.steps_after(connection, UUID(receipt["id"]))])


async def list_receipts(connection: Connection, subject: str | None, before: int | None, limit: int) -> list[Json]:
    """At most `limit` receipts that this user may see, newest first, without their content."""
    return [receipt_json(one) for one in await receipts.some(connection, subject, before, limit)]


class Checked(NamedTuple):
    """One organisation's chain: how many receipts, its last hash, and what does not hold."""

    organisation: UUID
    receipts: int
    head: str
    faults: list[str]


async def verify(connection: Connection, organisation: str | None = None) -> list[Checked]:
    """Checks every chain, or that of one organisation: each link, each content, and that the end is there; for the operator.

    Raises:
        BadInput: there is no such organisation.
    """
    chosen = [await organisation_named(connection, organisation)] if organisation else await receipts.organisations(connection)
    return [await _checked(connection, one, with_content=True) for one in chosen]


async def verify_own(connection: Connection, organisation: UUID) -> Checked:
    """Checks the chain of the user's own organisation; what was compared is checked by `replay`."""
    return await _checked(connection, organisation, with_content=False)


async def _checked(connection: Connection, organisation: UUID, *, with_content: bool) -> Checked:
    walked = ChainCheck()
    async for receipt in receipts.chain(connection, organisation):
        walked.see(receipt)
    if head := await receipts.head(connection, organisation):
        walked.ends_with(*head)
    if with_content:
        walked.faults += await _changed_content(connection, walked.used)
    return _outcome(organisation, walked)


def _outcome(organisation: UUID, walked: ChainCheck) -> Checked:
    return Checked(organisation, walked.number, walked.last.hex() if walked.last else "", walked.faults)


async def _changed_content(connection: Connection, used: set[bytes]) -> list[str]:
    found = {name: one.digest == name async for name, one in receipts.contents(connection, used)}
    changed = [f"the content {name.hex()[:12]} was changed" for name, same in found.items() if not same]
    return changed + [f"the content {name.hex()[:12]} is missing" for name in used - found.keys()]


class Exported(NamedTuple):
    """What an export holds."""

    receipts: int
    contents: int
    head: str


async def export(connection: Connection, organisation: str, out: TextIO) -> Exported:
    """Writes all receipts of an organisation as JSON Lines, with everything that is needed to check and repeat them.

    Raises:
        BadInput: there is no such organisation.
    """
    owner = await organisation_named(connection, organisation)
    counts = {"receipt": 0, "content": 0, "weights": 0}
    async for line in _lines(connection, owner):
        counts[line["type"]] += 1
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    head = await receipts.head(connection, owner)
    return Exported(counts["receipt"], counts["content"], head.hash.hex() if head and head.hash else "")


async def _lines(connection: Connection, owner: UUID) -> AsyncIterator[Json]:
    used, versions = set[bytes](), set[str]()
    async for receipt in receipts.chain(connection, owner):
        used |= set(receipt.snapshots)
        versions.add(receipt.weights)
        digests = [one.hex() for one in receipt.snapshots]
        yield {
            "type": "receipt",
            **receipt_json(receipt),
            "inputs": receipt.inputs,
            "result": receipt.result,
            "snapshots": digests,
        }
    for version in sorted(versions):
        weights = await receipts.weights(connection, version)
        yield {"type": "weights", "version": version, "content": asdict(weights) if weights else None}
    async for name, one in receipts.contents(connection, sorted(used)):
        yield {"type": "content", "digest": name.hex(), **asdict(one), "vectors": base64.b64encode(one.vectors).decode()}


def verify_export(file: Path) -> Checked:
    """Checks the chain in an export without any database, as an auditor would.

    Raises:
        BadInput: the file is not such an export.
    """
    walked, owner = ChainCheck(), UUID(int=0)
    try:
        with file.open(encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                if line["type"] == "receipt":
                    receipt = receipt_from(line)
                    walked.see(receipt)
                    owner = receipt.organisation
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{file} is not an export of receipts: {error}") from error
    return _outcome(owner, walked)


async def _found(connection: Connection, receipt_id: UUID) -> Receipt:
    receipt = await receipts.one(connection, receipt_id)
    if receipt is None:
        raise NotFound(f"There is no receipt {receipt_id}.")
    return receipt
