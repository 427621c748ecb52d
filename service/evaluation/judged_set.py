"""A folder with people, places and judgements, read into memory with vectors."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings.encoder import Encoder
from matching.model import Opportunity, Seeker
from matching.vectors import Place, Profile, opportunity_texts, seeker_texts
from service.errors import UnusableFile
from service.geography import Gazetteer
from service.imports.reading import read_rows
from service.interchange import OpportunityRecord, Row

Judgements = dict[str, dict[str, int]]
"""Grade 1 to 3 by seeker and opportunity; what is not there is 0."""


@dataclass(frozen=True)
class JudgedSet:
    """People, places, and which of them belong together.

    Attributes:
        fallback: for some people, the places of which one should come first.
    """

    seekers: tuple[Seeker, ...]
    opportunities: tuple[Opportunity, ...]
    judgements: Judgements
    fallback: dict[str, frozenset[str]]

    def half(self, name: str, folder: Path) -> "JudgedSet":
        """The people of one half (`tune` or `test`) according to `split.tsv`, with all places."""
        rows = [line.split("\t") for line in _lines(folder / "split.tsv")]
        chosen = {seeker for seeker, half in rows if half == name}
        return replace(self, seekers=tuple(seeker for seeker in self.seekers if seeker.id in chosen))


def read_judged_set(folder: Path, gazetteer: Gazetteer) -> JudgedSet:
    """Reads `seekers.jsonl`, `opportunities.jsonl`, `qrels.tsv` and, where it is, `fallback.txt`.

    Raises:
        UnusableFile: a file is missing or a row in it is wrong; the message says where.
    """
    rows = [row for name in ("seekers.jsonl", "opportunities.jsonl") for row in _rows(folder / name)]
    places = [row.record for row in rows if isinstance(row.record, OpportunityRecord)]
    people = [row.record for row in rows if not isinstance(row.record, OpportunityRecord)]
    return JudgedSet(
        seekers=tuple(record.to_model(gazetteer) for record in people),
        opportunities=tuple(record.to_model(gazetteer) for record in places),
        judgements=_judgements(folder / "qrels.tsv"),
        fallback=_fallback(folder / "fallback.txt"),
    )


def with_vectors(judged: JudgedSet, encoder: Encoder) -> tuple[list[Profile], list[Place]]:
    """The people and places with the vectors of one model; each text is encoded once."""
    texts = [text for seeker in judged.seekers for text in seeker_texts(seeker)]
    texts += [text for place in judged.opportunities for text in opportunity_texts(place)]
    distinct = list(dict.fromkeys(texts))
    vectors = encoder.encode(distinct)
    row = {text: number for number, text in enumerate(distinct)}

    def of(some: Sequence[str]) -> list[int]:
        return [row[text] for text in some]

    profiles = [Profile(seeker, vectors[of(seeker_texts(seeker))]) for seeker in judged.seekers]
    return profiles, [Place(place, vectors[of(opportunity_texts(place))]) for place in judged.opportunities]


def _rows(path: Path) -> list[Row]:
    rows = []
    for row in read_rows(path):
        if not isinstance(row, Row):
            raise UnusableFile(f"{path}:{row[0].line}: {row[0].field or 'row'}: {row[0].message}")
        rows.append(row)
    return rows


def _judgements(path: Path) -> Judgements:
    judgements: Judgements = defaultdict(dict)
    for number, line in enumerate(_lines(path), start=1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[2] not in {"0", "1", "2", "3"}:
            raise UnusableFile(f"{path}:{number}: expected seeker, opportunity and a grade from 0 to 3, separated by tabs.")
        if parts[2] != "0":
            judgements[parts[0]][parts[1]] = int(parts[2])
    return dict(judgements)


def _fallback(path: Path) -> dict[str, frozenset[str]]:
    rows = [line.split() for line in _lines(path)] if path.exists() else []
    return {row[0]: frozenset(row[1:]) for row in rows}


def _lines(path: Path) -> list[str]:
    try:
        return [line.rstrip("\r") for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
    except OSError as problem:
        raise UnusableFile(f"{path} cannot be read: {problem.strerror}") from problem
