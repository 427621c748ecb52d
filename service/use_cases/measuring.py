"""Measures quality from files, in memory: no database."""

from collections.abc import Sequence
from pathlib import Path

from embeddings.encoder import PLAIN, Encoder, RememberingEncoder, SentenceEncoder
from matching.scoring import Weights
from service.errors import BadInput
from service.evaluation import general as similarity
from service.evaluation import report, robustness, systems
from service.evaluation.judged_set import JudgedSet, read_judged_set
from service.evaluation.melo import char_tfidf, cosines, measures, passend_scores, read_melo
from service.geography import read_gazetteer
from service.render import Json
from service.settings import Settings

SPLIT = "split.tsv"
DEFAULT_SYSTEMS = ("passend", *systems.BASELINES, *systems.ABLATIONS)


def evaluate(settings: Settings, folder: Path, names: Sequence[str], half: str | None, postcodes: Path | None) -> Json:
    """Compares systems on a judged set.

    Args:
        half: `tune`, `test` or `all`; by default the test half where the folder is split.
        postcodes: table to place postcodes with; by default the one that `passend geo import` keeps.

    Raises:
        UnusableFile: the folder or the table cannot be read.
        BadInput: there is no system or half of that name.
    """
    unknown = [name for name in names if name not in DEFAULT_SYSTEMS]
    if unknown:
        raise BadInput(f"There is no system {', '.join(unknown)}; there are {', '.join(DEFAULT_SYSTEMS)}.")
    judged = _chosen_half(read_judged_set(folder, read_gazetteer(postcodes or settings.postcodes)), folder, half)
    adapted, plain = _encoders(settings)
    weights = Weights.read()
    answer = report.evaluate(judged, adapted, plain, weights, names)
    return answer | {"robustness": robustness.report(judged, folder, adapted, weights) if "passend" in names else {}}


def _encoders(settings: Settings) -> tuple[Encoder, Encoder]:
    """The encoder in use, and the bundled model as published for comparison."""
    plain = RememberingEncoder(SentenceEncoder(PLAIN, settings.models))
    if settings.encoder == PLAIN:
        return plain, plain
    return RememberingEncoder(SentenceEncoder(settings.encoder, settings.models)), plain


def _chosen_half(judged: JudgedSet, folder: Path, half: str | None) -> JudgedSet:
    chosen = half or ("test" if (folder / SPLIT).exists() else "all")
    if chosen not in {"tune", "test", "all"}:
        raise BadInput(f"There is no half {chosen!r}; there are tune, test and all.")
    return judged if chosen == "all" else judged.half(chosen, folder)


def melo(settings: Settings, folder: Path) -> Json:
    """How job titles find their ESCO occupation: the system in use, its parts, and what an engineer would use instead.

    Raises:
        UnusableFile: the folder is not a MELO data set.
    """
    data = read_melo(folder)
    adapted, plain = _encoders(settings)
    dense = cosines(data, adapted)
    scores = {
        "passend": passend_scores(data, dense),
        "adapted-encoder": dense,
        "char-tfidf": char_tfidf(data),
        "encoder": cosines(data, plain),
    }
    rows = {name: measures(data, values) for name, values in scores.items()}
    return {**rows["passend"], "systems": rows}


def general(settings: Settings, folder: Path) -> Json:
    """Whether the encoder in use still understands everyday sentences as well as the bundled model as published.

    Raises:
        UnusableFile: the folder does not hold graded pairs.
    """
    return similarity.report(similarity.read_pairs(folder), *_encoders(settings))
