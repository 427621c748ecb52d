"""General sentence similarity: whether adapting the encoder to the labour market made it forget anything else.

The measure is that of the STS tasks (Cer et al. 2017, arXiv:1708.00055): Spearman's rank correlation between the cosine of two
sentences and the grade that a person gave them. Intervals are percentile bootstraps over pairs (Efron 1979); both encoders are
measured on the same draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.stats import bootstrap, pearsonr, rankdata

from embeddings.encoder import Encoder
from service.errors import UnusableFile

Json = dict[str, Any]
Values = NDArray[np.float64]

HIGHEST = 5
_DUTCH = frozenset({"nl", "across"})
_FEWEST = 20
_RESAMPLES = 2_000
_SEED = 20


class GradedPair(BaseModel):
    """Two sentences, and how much they mean the same: from 0 (unrelated) to 5 (the same)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    one: Annotated[str, Field(min_length=1)]
    other: Annotated[str, Field(min_length=1)]
    similarity: Annotated[float, Field(ge=0, le=HIGHEST)]


Pairs = Mapping[str, Sequence[GradedPair]]
"""Graded pairs by the name of their file: `nl`, `across` (Dutch with another language), or another language."""


@dataclass(frozen=True)
class Comparison:
    """Two encoders on the same pairs.

    Attributes:
        gains: by how much the correlation of the adapted encoder is higher, in each draw of the bootstrap (draws,).
    """

    pairs: int
    adapted: float
    unadapted: float
    gains: Values

    def row(self) -> Json:
        """The correlations, and their difference with its 95% interval."""
        low, high = np.percentile(self.gains, [2.5, 97.5])
        difference = {"mean": self.adapted - self.unadapted, "low": float(low), "high": float(high)}
        return {"pairs": self.pairs, "adapted": self.adapted, "unadapted": self.unadapted, "difference": difference}


def read_pairs(folder: Path) -> Pairs:
    """Reads every `*.jsonl` of a folder.

    Raises:
        UnusableFile: there is none, a line is not a graded pair, or the pairs of a file are too few or too alike to rank.
    """
    files = {path.stem: _graded_pairs(path) for path in sorted(folder.glob("*.jsonl"))}
    if not files:
        raise UnusableFile(f"{folder} holds no *.jsonl file with graded pairs of sentences.")
    return files


def report(files: Pairs, adapted: Encoder, plain: Encoder) -> Json:
    """The correlation per file, and on average over the files with Dutch and over those without."""
    random = np.random.default_rng(_SEED)
    compared = {name: compare(pairs, adapted, plain, random) for name, pairs in files.items()}
    dutch = [one for name, one in compared.items() if name in _DUTCH]
    others = [one for name, one in compared.items() if name not in _DUTCH]
    return {
        "files": {name: one.row() for name, one in compared.items()},
        "together": {name: _average(some).row() for name, some in (("dutch", dutch), ("others", others)) if some},
    }


def compare(pairs: Sequence[GradedPair], adapted: Encoder, plain: Encoder, random: np.random.Generator) -> Comparison:
    """Both encoders on one file."""
    grades = np.array([pair.similarity for pair in pairs])
    after, before = cosines(pairs, adapted), cosines(pairs, plain)
    drawn = bootstrap(
        (grades, after, before), _gain, paired=True, vectorized=True, n_resamples=_RESAMPLES, method="percentile", rng=random
    )
    return Comparison(
        len(pairs), float(spearman(grades, after)), float(spearman(grades, before)), np.asarray(drawn.bootstrap_distribution)
    )


def cosines(pairs: Sequence[GradedPair], encoder: Encoder) -> Values:
    """Cosine of the two sentences of each pair (pairs,)."""
    vectors = encoder.encode([pair.one for pair in pairs] + [pair.other for pair in pairs])
    ones, others = np.split(vectors.astype(np.float64), 2)
    return np.asarray(np.einsum("ij,ij->i", ones, others))


def spearman(one: Values, other: Values, axis: int = -1) -> Values:
    """Spearman's rank correlation along an axis; `scipy.stats.spearmanr` takes one sample at a time, this takes many."""
    return np.asarray(pearsonr(rankdata(one, axis=axis), rankdata(other, axis=axis), axis=axis).statistic)


def _gain(grades: Values, after: Values, before: Values, axis: int) -> Values:
    return spearman(grades, after, axis) - spearman(grades, before, axis)


def _average(some: Sequence[Comparison]) -> Comparison:
    """The mean over files, each counting as much as another; draw by draw for the interval."""
    return Comparison(
        sum(one.pairs for one in some),
        float(np.mean([one.adapted for one in some])),
        float(np.mean([one.unadapted for one in some])),
        np.mean([one.gains for one in some], axis=0),
    )


def _graded_pairs(path: Path) -> list[GradedPair]:
    lines = path.read_bytes().split(b"\n")
    pairs = [_graded_pair(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    grades = [pair.similarity for pair in pairs]
    if len(pairs) < _FEWEST or max(map(grades.count, grades)) > len(pairs) / 2:
        raise UnusableFile(f"{path} needs at least {_FEWEST} pairs, and no grade on more than half of them.")
    return pairs


def _graded_pair(path: Path, number: int, line: bytes) -> GradedPair:
    try:
        return GradedPair.model_validate_json(line)
    except ValidationError as problems:
        first = problems.errors()[0]
        field = ".".join(map(str, first["loc"])) or "row"
        raise UnusableFile(f"{path}:{number}: {field}: {first['msg']}") from problems
