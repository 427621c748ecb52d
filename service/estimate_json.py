"""How many people could do some work, as JSON: sizes of groups and words of closed lists, nothing of one person."""

from collections.abc import Iterable, Sequence

from matching.carving import Cut
from matching.estimating import Estimated, Rows
from matching.exploring_sentences import cut_words
from matching.model import Opportunity
from matching.phrases import Language
from matching.wording import named
from service.crowds import at_least
from service.employers_work import Reading
from service.render import Json
from service.skill_groups import groups


def estimate_json(
    reading: Reading, asked: Opportunity, found: Estimated, keys: Sequence[bytes], language: Language = "nl"
) -> Json:
    """The answer to an employer.

    Args:
        asked: the work as it was asked about.
        keys: the secret key of each person that `found` counts.
    """

    def size(rows: Rows) -> int | None:
        return at_least(keys[row] for row in rows.tolist())

    support = [(named("support", one, language), size(rows)) for cut, rows in found.added if (one := _support(cut))]
    openers = [(cut_words(cut, language), size(rows)) for cut, rows in found.added if not _support(cut)]
    bring = [(groups()[code].name(language), size(rows)) for code, rows in found.bring.items()]
    return {
        "people": size(found.able),
        "abilities": _largest(bring),
        "openers": _largest(openers),
        "support": _largest(support),
        "read": _read_json(reading, asked),
    }


def _largest(sizes: Iterable[tuple[str, int | None]]) -> list[Json]:
    """The groups that may be told, largest band first; inside a band in a fixed order, since their own would tell more."""
    told = [(name, size) for name, size in sizes if size is not None]
    return [{"name": name, "at_least": size} for name, size in sorted(told, key=lambda one: -one[1])]


def _support(cut: Cut) -> str | None:
    """The support that a change of the work adds, if it does."""
    added = cut.facts.get("support")
    return str(added[0]) if isinstance(added, list) else None


def _read_json(reading: Reading, asked: Opportunity) -> Json:
    record = reading.record
    return {
        "title": record.title,
        "tasks": list(record.tasks),
        "needs": [need.text for need in record.needs],
        "place": record.postcode4 or record.place or None,
        "place_known": asked.position is not None,
        "hours_min": record.hours_min,
        "hours_max": record.hours_max,
        "left_out": reading.left_out,
    }
