"""MELO (Retyk et al. 2024, arXiv:2410.08319): job titles of one country to the ESCO occupations people linked them to.

A corpus element is one label of an occupation; every label of a right occupation is relevant. Measures are over corpus elements.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from embeddings.encoder import Encoder
from embeddings.names import letters_alike, name_scores
from service.errors import UnusableFile

Scores = NDArray[np.float32]

_GROUP = "/isco/"
"""In the address of an ISCO group; MELO has them in its corpus and links no job title to them."""


@dataclass(frozen=True)
class Melo:
    """One MELO data set: queries, labels, the concept of each label, and the relevant labels of each query."""

    queries: Mapping[str, str]
    elements: Mapping[str, str]
    concepts: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def read_melo(folder: Path) -> Melo:
    """Reads `queries.tsv`, `corpus_elements.tsv`, `concept_mapping.tsv` and `annotations.tsv`.

    Raises:
        UnusableFile: one of them is missing or malformed.
    """
    relevant = defaultdict(set)
    for query, _, element, grade in _rows(folder / "annotations.tsv", 4):
        if int(grade) > 0:
            relevant[query].add(element)
    return Melo(
        queries=_table(folder / "queries.tsv"),
        elements=_table(folder / "corpus_elements.tsv"),
        concepts=_table(folder / "concept_mapping.tsv"),
        relevant={query: frozenset(elements) for query, elements in relevant.items()},
    )


def cosines(melo: Melo, encoder: Encoder) -> Scores:
    """Cosine of each query with each element (queries, elements); each distinct text is encoded once."""
    distinct = list(dict.fromkeys(melo.elements.values()))
    row = {text: number for number, text in enumerate(distinct)}
    found = encoder.encode(list(melo.queries.values())) @ encoder.encode(distinct).T
    return np.asarray(found[:, [row[text] for text in melo.elements.values()]])


def char_tfidf(melo: Melo) -> Scores:
    """Cosine of character n-grams (1 to 5) weighted by TF-IDF (queries, elements)."""
    elements = [text.lower() for text in melo.elements.values()]
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True)
    corpus = vectoriser.fit_transform(elements)
    queries = vectoriser.transform([text.lower() for text in melo.queries.values()])
    return np.asarray((queries @ corpus.T).toarray(), np.float32)


def passend_scores(melo: Melo, meaning: Scores) -> Scores:
    """As Passend searches occupations: by meaning and letters, preferred names before others; groups are no occupations.

    The first label of a concept in the corpus is its preferred one.

    Args:
        meaning: cosines (queries, elements).
    """
    letters = letters_alike(list(melo.queries.values()), list(melo.elements.values()))
    concepts = [melo.concepts[element] for element in melo.elements]
    first = {concept: number for number, concept in reversed(list(enumerate(concepts)))}
    preferred = np.array([first[concept] == number for number, concept in enumerate(concepts)])
    groups = np.array([_GROUP in concept for concept in concepts])
    return np.where(groups, np.float32(-1), name_scores(meaning, letters, preferred))


def measures(melo: Melo, scores: Scores) -> dict[str, float]:
    """MRR, MAP, hit rates, and the MRR of queries that equal no relevant label (ignoring case).

    Args:
        scores: (queries, elements), in the order of the data set; ties keep the order of the corpus.
    """
    ids = np.array(list(melo.elements))
    rows = []
    for number, query in enumerate(melo.queries):
        right = np.isin(ids[np.argsort(-scores[number], kind="stable")], list(melo.relevant[query]))
        positions = np.flatnonzero(right) + 1
        average_precision = float(np.mean(np.arange(1, len(positions) + 1) / positions))
        rows.append((1 / positions[0], average_precision, positions[0], _is_hard(melo, query)))
    reciprocal, precision, first, hard = (np.array(column) for column in zip(*rows, strict=True))
    return {
        "mrr": float(reciprocal.mean()),
        "map": float(precision.mean()),
        **{f"hit@{depth}": float((first <= depth).mean()) for depth in (1, 5, 10)},
        "mrr_hard": float(reciprocal[hard.astype(bool)].mean()),
        "queries": len(rows),
    }


def _is_hard(melo: Melo, query: str) -> bool:
    labels = {melo.elements[element].lower() for element in melo.relevant[query]}
    return melo.queries[query].lower() not in labels


def _table(path: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in _rows(path, 2)}


def _rows(path: Path, columns: int) -> Sequence[Sequence[str]]:
    try:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    except OSError as problem:
        raise UnusableFile(f"{path} cannot be read: {problem.strerror}") from problem
    wrong = next((number for number, row in enumerate(rows, start=1) if len(row) != columns), None)
    if wrong:
        raise UnusableFile(f"{path}:{wrong}: expected {columns} columns separated by tabs.")
    return rows
