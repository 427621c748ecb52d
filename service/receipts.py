"""Receipts: what a run compared, as content that is named by its digest, and the chain of hashes that shows a change afterwards.

A hash or digest is SHA-256 over canonical JSON: UTF-8, keys sorted, no spaces, whole numbers without a decimal point.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import numpy as np

from matching.model import LanguageLevels, Level, Need, Opportunity, Position, Rung, Seeker, Support, Transport
from matching.scoring import Weights
from matching.vectors import Place, Profile, Vectors

Json = dict[str, Any]
_HALF = np.dtype("<f2")


def canonical(value: object) -> bytes:
    """The one way of writing a JSON value, whatever wrote it before."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> bytes:
    """SHA-256 of the canonical JSON of a value; 32 bytes."""
    return hashlib.sha256(canonical(value)).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class Snapshot:
    """A person or a place as it was matched, with its vectors in half precision, as they are stored."""

    kind: Literal["person", "place"]
    subject_id: str
    model: str
    content: Json
    vectors: bytes

    @property
    def digest(self) -> bytes:
        """Names this content; 32 bytes."""
        vectors = hashlib.sha256(self.vectors).hexdigest()
        return digest([self.kind, self.subject_id, self.model, self.content, vectors])

    def profile(self) -> Profile:
        """The person again."""
        return Profile(seeker_of(self.content), self._rows())

    def place(self) -> Place:
        """The place again."""
        return Place(_opportunity(self.content), self._rows())

    def _rows(self) -> Vectors:
        return np.frombuffer(self.vectors, _HALF).astype(np.float32).reshape(self.content["vectors"], -1)


def snapshot_of(subject: Profile | Place, model: str) -> Snapshot:
    """What has to be kept of a person or place to match it again."""
    vectors, count = subject.vectors.astype(_HALF).tobytes(), {"vectors": len(subject.vectors)}
    if isinstance(subject, Profile):
        return Snapshot("person", subject.seeker.id, model, content_of(subject.seeker) | count, vectors)
    return Snapshot("place", subject.opportunity.id, model, content_of(subject.opportunity) | count, vectors)


def content_of(subject: Seeker | Opportunity) -> Json:
    """A person or a place as plain data."""
    return {name: _stored(getattr(subject, name)) for name in subject.__dataclass_fields__}


def _stored(value: Any) -> Any:
    if is_dataclass(value):  # asdict copies deeply, which takes three times as long
        return {name: _stored(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_stored(one) for one in value] if isinstance(value, tuple) else value


def seeker_of(content: Json) -> Seeker:
    """The person in a snapshot."""
    given = _shared(content)
    given |= {name: tuple(given[name]) for name in ("abilities", "motivations", "learning")}
    given |= {"transport": Transport(given["transport"]), "language": _levels(given["language"])}
    given |= {"support_needs": frozenset(map(Support, given["support_needs"])), "open_to": frozenset(map(Rung, given["open_to"]))}
    return Seeker(**given)


def _opportunity(content: Json) -> Opportunity:
    given = _shared(content)
    given |= {"kind": Rung(given["kind"]), "tasks": tuple(given["tasks"]), "language_min": _levels(given["language_min"])}
    given |= {"needs": tuple(Need(**need) for need in given["needs"]), "support": frozenset(map(Support, given["support"]))}
    return Opportunity(**given)


def _shared(content: Json) -> Json:
    given = {name: value for name, value in content.items() if name != "vectors"}
    given["position"] = Position(*given["position"]) if given["position"] else None
    given["dayparts"] = None if given["dayparts"] is None else frozenset(given["dayparts"])
    given["licences"] = frozenset(given["licences"])
    return given


def _levels(given: Mapping[str, str | None]) -> LanguageLevels:
    return LanguageLevels(**{part: Level(level) if level else None for part, level in given.items()})


@dataclass(frozen=True)
class Run:
    """One match run, whole.

    Attributes:
        subject: the person or place that was asked about; `compared`: all that it was compared with, in order.
        asked: limit and language.
        result: the answer as it was given.
    """

    about: Literal["matches", "candidates"]
    subject: Snapshot
    compared: Sequence[Snapshot]
    engine: str
    weights: Weights
    asked: Json
    result: Json


@dataclass(frozen=True)
class Receipt:
    """A stored run in its chain; `inputs` and `result` are None when they were erased."""

    id: UUID
    organisation: UUID
    number: int
    made_at: datetime
    user: UUID | None
    about: str
    engine: str
    model: str
    weights: str
    inputs: Json | None
    result: Json | None
    snapshots: Sequence[bytes]
    inputs_digest: bytes
    result_digest: bytes
    previous: bytes | None
    hash: bytes

    def chained(self) -> bytes:
        """The hash that this receipt should have."""
        header = receipt_json(self)
        return digest({name: value for name, value in header.items() if name not in ("hash", "erased")})

    def sealed(self) -> "Receipt":
        """The same receipt with its hash."""
        return replace(self, hash=self.chained())

    def faults(self) -> list[str]:
        """What does not agree with itself in this receipt; empty when all is as it was written."""
        found = []
        if self.hash != self.chained():
            found.append("the hash does not go with the receipt")
        if self.inputs is not None and self.inputs_digest != inputs_digest(self.inputs, self.snapshots):
            found.append("the inputs were changed")
        if self.result is not None and self.result_digest != digest(self.result):
            found.append("the result was changed")
        return found


@dataclass
class ChainCheck:
    """Walks a chain from its first receipt and notes what does not hold.

    Attributes:
        number: of the last receipt that was seen, and `last` its hash.
        used: digests of everything that was compared.
    """

    number: int = 0
    last: bytes | None = None
    faults: list[str] = field(default_factory=list)
    used: set[bytes] = field(default_factory=set)

    def see(self, receipt: Receipt) -> None:
        """Takes the next receipt."""
        if receipt.number != self.number + 1:
            self.faults.append(f"receipt {self.number + 1} is missing")
        elif receipt.previous != self.last:
            self.faults.append(f"receipt {receipt.number} does not follow the one before")
        self.faults += [f"receipt {receipt.number}: {fault}" for fault in receipt.faults()]
        self.number, self.last = receipt.number, receipt.hash
        self.used |= set(receipt.snapshots)

    def ends_with(self, number: int, last: bytes | None) -> None:
        """Compares the end with where it should be."""
        if (number, last) != (self.number, self.last):
            self.faults.append(f"the chain should end with receipt {number}, and ends with {self.number}")


def inputs_digest(inputs: Json, snapshots: Sequence[bytes]) -> bytes:
    """Digest of what was asked and of all that was compared."""
    return digest([inputs, [one.hex() for one in snapshots]])


def receipt_json(receipt: Receipt) -> Json:
    """A receipt as plain data, without inputs and result."""
    return {
        "id": str(receipt.id),
        "organisation": str(receipt.organisation),
        "number": receipt.number,
        "made_at": receipt.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": str(receipt.user) if receipt.user else None,
        "about": receipt.about,
        "engine": receipt.engine,
        "model": receipt.model,
        "weights": receipt.weights,
        "inputs_digest": receipt.inputs_digest.hex(),
        "result_digest": receipt.result_digest.hex(),
        "previous": receipt.previous.hex() if receipt.previous else None,
        "hash": receipt.hash.hex(),
        "erased": receipt.result is None,
    }


def receipt_from(line: Json) -> Receipt:
    """A receipt out of an export.

    Raises:
        KeyError, ValueError, TypeError: it is not one.
    """
    return Receipt(
        id=UUID(line["id"]),
        organisation=UUID(line["organisation"]),
        number=line["number"],
        made_at=datetime.fromisoformat(line["made_at"]),
        user=UUID(line["user"]) if line["user"] else None,
        about=line["about"],
        engine=line["engine"],
        model=line["model"],
        weights=line["weights"],
        inputs=line["inputs"],
        result=line["result"],
        snapshots=[bytes.fromhex(one) for one in line["snapshots"]],
        previous=bytes.fromhex(line["previous"]) if line["previous"] else None,
        inputs_digest=bytes.fromhex(line["inputs_digest"]),
        result_digest=bytes.fromhex(line["result_digest"]),
        hash=bytes.fromhex(line["hash"]),
    )


def differences(before: Any, after: Any, pointer: str = "") -> list[str]:
    """JSON pointers of what differs between two answers."""
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [(key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = [(str(number), *pair) for number, pair in enumerate(zip(before, after, strict=True))]
    else:
        return [] if canonical(before) == canonical(after) else [pointer]
    return [found for key, one, other in pairs for found in differences(one, other, f"{pointer}/{key}")]
