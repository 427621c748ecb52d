"""Doubt: how sure a match is, and why, from the profile and the match alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import sqrt
from pathlib import Path

from matching.explaining import WORTH_SAYING
from matching.model import AskedFor, Match, Seeker

SHIPPED = Path(__file__).parent / "calibration.json"
FEW_SENTENCES = 2
WIDE = 0.3
"""From this width of its 95% interval, a share of good proposals says little."""

FARTHER = 2.0
"""Sentences up to twice as long as the longest that the weights were fitted on, or half as short as the shortest, are near."""

NEAR_LIMIT_KM = 2.0


class Sureness(StrEnum):
    """How sure a match is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Calibration:
    """What the weights were fitted on, as far as doubt needs it.

    Attributes:
        weights: `Weights.version` of the weights it belongs to.
        sentence_words: mean number of words in a sentence, from the shortest to the longest profile.
        pairs: how many pairs that fit practically lay in each ability band, strongest first.
        good: how many of those were judged a good proposal.
    """

    weights: str
    sentence_words: tuple[int, int]
    pairs: tuple[int, ...]
    good: tuple[int, ...]

    @classmethod
    def read(cls, path: Path = SHIPPED) -> "Calibration":
        """Reads a calibration as `write` wrote it."""
        stored = json.loads(path.read_text())
        lists = {name: tuple(stored[name]) for name in ("sentence_words", "pairs", "good")}
        return cls(stored["weights"], **lists)

    def write(self, path: Path) -> None:
        """Writes the calibration as readable JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


@dataclass(frozen=True)
class Doubt:
    """One reason to be less sure; `facts` fill the sentence named by `name`."""

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Certainty:
    """How sure a match is: high without doubts, medium with one, low with more."""

    level: Sureness
    doubts: tuple[Doubt, ...]


def certainty(seeker: Seeker, match: Match, calibration: Calibration) -> Certainty:
    """How sure this match of this person is; it never changes the order."""
    doubts = (*_about_profile(seeker, calibration), *_about_limits(seeker, match), *_about_score(match, calibration))
    level = (Sureness.HIGH, Sureness.MEDIUM, Sureness.LOW)[min(len(doubts), 2)]
    return Certainty(level, doubts)


def words(sentences: Sequence[str]) -> float:
    """Mean number of words in a sentence."""
    return sum(len(sentence.split()) for sentence in sentences) / len(sentences)


def _about_profile(seeker: Seeker, calibration: Calibration) -> list[Doubt]:
    told = seeker.abilities + seeker.learning
    if len(told) < FEW_SENTENCES:
        return [Doubt("doubt_few_sentences" if told else "doubt_nothing_told")]
    low, high = calibration.sentence_words
    if words(told) < low / FARTHER:
        return [Doubt("doubt_short_sentences")]
    return [Doubt("doubt_long_sentences")] if words(told) > high * FARTHER else []


def _about_limits(seeker: Seeker, match: Match) -> list[Doubt]:
    place, doubts = match.opportunity, []
    if match.distance_km is None:
        doubts.append(Doubt("doubt_distance"))
    elif not _exact(seeker, match) and abs(match.distance_km - seeker.max_travel_km) < NEAR_LIMIT_KM:
        doubts.append(Doubt("doubt_distance_about", {"km": match.distance_km}))
    asked, has = place.language_min, seeker.language
    if (asked.speaking and not has.speaking) or (asked.reading and not has.reading):
        doubts.append(Doubt("doubt_language"))
    return doubts


def _exact(seeker: Seeker, match: Match) -> bool:
    here, there = seeker.position, match.opportunity.position
    return bool(here and here.exact and there and there.exact)


def _about_score(match: Match, calibration: Calibration) -> list[Doubt]:
    direct = any(one.part is not AskedFor.OFFER and one.strength >= WORTH_SAYING for one in match.evidence)
    doubts = [] if direct else [Doubt("doubt_no_direct_sentence")]
    good, pairs = calibration.good[match.band], calibration.pairs[match.band]
    return doubts if _width(good, pairs) < WIDE else [*doubts, Doubt("doubt_few_examples", {"count": pairs, "good": good})]


def _width(good: int, pairs: int) -> float:
    """Width of the 95% interval of a share (Wilson 1927, Journal of the American Statistical Association 22:209)."""
    if not pairs:
        return 1.0
    z, share = 1.96, good / pairs
    return 2 * z * sqrt(share * (1 - share) / pairs + z * z / (4 * pairs * pairs)) / (1 + z * z / pairs)
