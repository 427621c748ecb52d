"""The next question: the one practical question whose answer would change someone's list most."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from matching.levers import FULL_WEEK, PARTS_OF_THE_WEEK, SHORTEST_WEEK, Change, licences_to_get, one_level_up, with_licence
from matching.model import DAYPARTS, LanguageLevels, Level, Seeker
from matching.scoring import Weights, band, score
from matching.standing import Standing, standing
from matching.vectors import Place, Places, Profile

TOP = 10
ASKED_HOURS, ASKED_KM = 8.0, 5.0
ASKED_PARTS = ("weekday_am", "weekday_pm", "weekday_eve", "sat", "sun")
UNUSUAL_PARTS = ("weekday_eve", "sat", "sun")
ASKED_LICENCES = ("B", "VOG", "VCA", "forklift")
ASKED_LEVELS = (Level.A1, Level.A2, Level.B1, Level.B2)


@dataclass(frozen=True)
class Question:
    """A question with its possible answers, each as the change it would mean; an empty change is an answer as well.

    Attributes:
        name: the phrase that asks it, filled from `facts`.
    """

    name: str
    answers: tuple[Change, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """One answer, and what it does to the list: how many of the first ten places change, and which they are then."""

    answer: Change
    changed: int
    top: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question with what each answer does; every answer counts as equally likely.

    Attributes:
        expected: expected number of places that change in the first ten.
    """

    question: Question
    expected: float
    answers: tuple[Answered, ...]


def next_questions(profile: Profile, places: Sequence[Place], weights: Weights) -> tuple[Asked, ...]:
    """Every question that can change the first ten places, the one that is expected to change most of them first."""
    order = _Order(profile, places, weights)
    before = order.top(profile.seeker)
    asked = [_asked(question, profile.seeker, before, order) for question in questions(profile.seeker)]
    useful = [one for one in asked if one.expected > 0]
    return tuple(sorted(useful, key=lambda one: (-one.expected, one.question.name, str(one.question.facts))))


def questions(seeker: Seeker) -> Iterator[Question]:
    """The practical questions that make sense for this person: what is not known, and what lies just over an edge."""
    same = Change("no", {})
    for name in ASKED_PARTS:
        yield from _about_part(seeker, name, PARTS_OF_THE_WEEK[name])
    more, fewer = min(seeker.hours_max + ASKED_HOURS, FULL_WEEK), max(seeker.hours_min - ASKED_HOURS, SHORTEST_WEEK)
    if more > seeker.hours_max:
        yield Question("ask_more_hours", (Change("yes", {"hours_max": more}), same), {"hours": more})
    if fewer < seeker.hours_min:
        yield Question("ask_fewer_hours", (Change("yes", {"hours_min": fewer}), same), {"hours": fewer})
    km = seeker.max_travel_km + ASKED_KM
    yield Question("ask_farther", (Change("yes", {"max_travel_km": km}), same), {"km": km})
    for licence in licences_to_get(seeker):
        if licence in ASKED_LICENCES:
            yield Question("ask_licence", (replace(with_licence(seeker, licence), name="yes"), same), {"licences": [licence]})
    yield _about_language(seeker, same)


def changed_places(before: Sequence[str], after: Sequence[str]) -> int:
    """How many places come or go between two lists: the larger of the two numbers."""
    return max(len(set(after) - set(before)), len(set(before) - set(after)))


def _about_part(seeker: Seeker, name: str, part: frozenset[str]) -> Iterator[Question]:
    """Who told no dayparts is flexible: of evenings and weekends a no takes the part away. Who did: a yes adds it."""
    told, facts = seeker.dayparts, {"part": name}
    if told is None and name in UNUSUAL_PARTS:
        without = frozenset(DAYPARTS) - part
        yield Question("ask_part", (Change("yes", {}), Change("no", {"dayparts": without})), facts)
    elif told is not None and not part <= told:
        yield Question("ask_part", (Change("yes", {"dayparts": told | part}), Change("no", {})), facts)


def _about_language(seeker: Seeker, same: Change) -> Question:
    levels = seeker.language
    if levels.speaking and levels.reading:
        higher = one_level_up(levels)
        facts = {"speaking": higher.speaking, "reading": higher.reading}
        return Question("ask_language_up", (Change("yes", {"language": higher}), same), facts)
    answers = [Change("level", {"language": _filled(levels, level)}, {"level": level}) for level in ASKED_LEVELS]
    return Question("ask_language", tuple(answers))


def _filled(levels: LanguageLevels, level: Level) -> LanguageLevels:
    return replace(levels, speaking=levels.speaking or level, reading=levels.reading or level)


def _asked(question: Question, seeker: Seeker, before: Sequence[str], order: "_Order") -> Asked:
    answered = []
    for answer in question.answers:
        top = order.top(answer.applied_to(seeker))
        answered.append(Answered(answer, changed_places(before, top), top))
    return Asked(question, sum(one.changed for one in answered) / len(answered), tuple(answered))


class _Order:
    """The order of the list for one person; places are scored again only when the distance someone travels changes."""

    def __init__(self, profile: Profile, places: Sequence[Place], weights: Weights) -> None:
        self._profile, self._places, self._weights = profile, places, weights
        self._standing: Standing = standing(profile, places, weights)
        self._orders: dict[float, Sequence[float]] = {}

    def top(self, seeker: Seeker) -> tuple[str, ...]:
        """Ids of the first ten places that fit this person, in the order of `matching.ranking`."""
        places, ability = self._standing.opportunities, self._standing.ability
        order = self._order(seeker)

        def in_list(row: int) -> tuple[int, int, float, str]:
            return band(float(ability[row]), self._weights), places[row].kind.depth, -float(order[row]), places[row].id

        return tuple(places[row].id for row in sorted(self._standing.fitting_for(seeker), key=in_list)[:TOP])

    def _order(self, seeker: Seeker) -> Sequence[float]:
        if seeker.max_travel_km not in self._orders:
            scores = score(Profile(seeker, self._profile.vectors), Places(self._places), self._weights) if self._places else None
            self._orders[seeker.max_travel_km] = scores.order.tolist() if scores else []
        return self._orders[seeker.max_travel_km]
