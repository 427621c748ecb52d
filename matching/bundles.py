"""Making a new job ("functiecreatie"): tasks out of several vacancies that one person can do now, in hours that suit them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.explaining import WORTH_SAYING, strengths
from matching.model import HOURS_PER_DAYPART, AskedFor, Evidence, Opportunity, Rung, Seeker, State
from matching.practical import language, licences, open_to, positions, reach, support
from matching.scoring import Weights
from matching.standing import open_places
from matching.vectors import Place, Profile, cosines

JOBS = frozenset({Rung.PAID, Rung.PAID_WITH_SUPPORT, Rung.SHELTERED, Rung.BASIC_JOB})
LEAST_HOURS = 8.0
MOST_TASKS = 6
LEAST_VACANCIES = 2
STRONGEST = 12
"""A bundle starts from two of this many tasks with the strongest evidence."""

RULES_OF_A_TASK = (reach, licences, language, support, open_to, positions)
"""The practical rules that hold for a task as for its vacancy; hours and dayparts are those of the bundle."""


@dataclass(frozen=True)
class Piece:
    """One task of a vacancy, with the sentence of a person that supports it.

    Attributes:
        number: which task of the vacancy.
        hours: the fewest hours of the vacancy, spread evenly over its tasks.
    """

    vacancy: Opportunity
    number: int
    hours: float
    evidence: Evidence

    @property
    def key(self) -> tuple[str, int]:
        """Vacancy and number of the task."""
        return self.vacancy.id, self.number


@dataclass(frozen=True)
class Kept:
    """What a vacancy keeps when a bundle takes tasks out of it; it keeps at least one."""

    vacancy: Opportunity
    tasks: tuple[str, ...]
    hours: float


@dataclass(frozen=True)
class Bundle:
    """A job made out of tasks of several vacancies.

    Attributes:
        person: for whom it was made; the evidence is theirs.
        others: who else could do it now.
    """

    person: str
    others: tuple[str, ...]
    pieces: tuple[Piece, ...]
    kept: tuple[Kept, ...]

    @property
    def hours(self) -> float:
        """Hours a week."""
        return sum(piece.hours for piece in self.pieces)


def bundles(places: Sequence[Place], profiles: Sequence[Profile], weights: Weights) -> tuple[Bundle, ...]:
    """At most one bundle a person, from the strongest evidence on; the ones that most people could do come first.

    A bundle has at least 8 hours, at most 6 tasks, and tasks of at least two vacancies. A vacancy that is open to someone as a
    whole gives no pieces for them: they can have the vacancy itself. Each bundle stands on its own; two can ask the same task.
    """
    able = {one.seeker: pieces_for(one, places, weights) for one in sorted(profiles, key=lambda one: one.seeker.id)}
    made: dict[frozenset[tuple[str, int]], Bundle] = {}
    for seeker, pieces in able.items():
        chosen = _chosen(seeker, pieces)
        key = frozenset(piece.key for piece in chosen)
        if chosen and key not in made:
            others = [one.id for one, own in able.items() if one is not seeker and _could_do(one, own, key)]
            made[key] = Bundle(seeker.id, tuple(others), tuple(chosen), _kept(chosen))
    return tuple(sorted(made.values(), key=lambda one: (-len(one.others), -_strength(one), one.person)))


def pieces_for(profile: Profile, places: Sequence[Place], weights: Weights) -> list[Piece]:
    """The tasks that this person can do now, of vacancies within reach, the strongest evidence first."""
    standing = open_places(profile, places, weights)
    whole = {standing.opportunities[row].id for row in standing.fitting}
    useful = [one for one in places if one.opportunity.kind in JOBS and one.opportunity.id not in whole]
    pieces = [
        piece for one in useful if _within_reach(profile.seeker, one.opportunity) for piece in _pieces(profile, one, weights)
    ]
    return sorted(pieces, key=lambda piece: (-piece.evidence.strength, piece.key))


def _within_reach(seeker: Seeker, vacancy: Opportunity) -> bool:
    return all(rule(seeker, vacancy).state is State.MET for rule in RULES_OF_A_TASK)


def _pieces(profile: Profile, place: Place, weights: Weights) -> list[Piece]:
    vacancy = place.opportunity
    if len(vacancy.tasks) < 2 or not profile.seeker.abilities:
        return []
    support_of = strengths(cosines(profile.abilities, place.tasks), weights)
    best = support_of.argmax(axis=0)
    hours = vacancy.hours_min / len(vacancy.tasks)
    told = profile.seeker.abilities
    return [
        Piece(vacancy, number, hours, Evidence(told[row], task, AskedFor.TASK, float(support_of[row, number])))
        for number, (task, row) in enumerate(zip(vacancy.tasks, best, strict=True))
        if support_of[row, number] >= WORTH_SAYING
    ]


def _chosen(seeker: Seeker, pieces: Sequence[Piece]) -> list[Piece]:
    """Starts from two tasks of different vacancies, the strongest pair first, and adds what the week still holds."""
    pairs = [pair for pair in combinations(pieces[:STRONGEST], 2) if pair[0].vacancy.id != pair[1].vacancy.id]
    pairs.sort(key=lambda pair: -sum(piece.evidence.strength for piece in pair))
    jobs = (_filled(seeker, [*pair, *(piece for piece in pieces if piece not in pair)]) for pair in pairs)
    return next((job for job in jobs if _is_a_job(seeker, job)), [])


def _filled(seeker: Seeker, pieces: Iterable[Piece]) -> list[Piece]:
    chosen: list[Piece] = []
    for piece in pieces:
        if len(chosen) < MOST_TASKS and _leaves_something([*chosen, piece]) and _in_the_week(seeker, [*chosen, piece]):
            chosen.append(piece)
    return chosen


def _is_a_job(seeker: Seeker, pieces: Sequence[Piece]) -> bool:
    hours = sum(piece.hours for piece in pieces)
    return len({piece.vacancy.id for piece in pieces}) >= LEAST_VACANCIES and hours >= max(LEAST_HOURS, seeker.hours_min)


def _leaves_something(pieces: Sequence[Piece]) -> bool:
    return all(len(own) < len(own[0].vacancy.tasks) for own in _by_vacancy(pieces))


def _in_the_week(seeker: Seeker, pieces: Sequence[Piece]) -> bool:
    """The hours fit the person, and for every group of vacancies the shared dayparts hold its hours (Hall 1935)."""
    if sum(piece.hours for piece in pieces) > seeker.hours_max:
        return False
    fixed = [own for own in _by_vacancy(pieces) if own[0].vacancy.dayparts is not None or seeker.dayparts is not None]
    groups = [group for size in range(1, len(fixed) + 1) for group in combinations(fixed, size)]
    return all(_holds(seeker, group) for group in groups)


def _holds(seeker: Seeker, group: Sequence[Sequence[Piece]]) -> bool:
    shared = frozenset[str]().union(*(_shared(seeker, own[0].vacancy) for own in group))
    return sum(piece.hours for own in group for piece in own) <= len(shared) * HOURS_PER_DAYPART


def _shared(seeker: Seeker, vacancy: Opportunity) -> frozenset[str]:
    sides = [side for side in (seeker.dayparts, vacancy.dayparts) if side is not None]
    return sides[0].intersection(*sides[1:])


def _could_do(seeker: Seeker, pieces: Sequence[Piece], key: frozenset[tuple[str, int]]) -> bool:
    own = [piece for piece in pieces if piece.key in key]
    return len(own) == len(key) and _in_the_week(seeker, own) and _is_a_job(seeker, own)


def _kept(pieces: Sequence[Piece]) -> tuple[Kept, ...]:
    kept = []
    for own in _by_vacancy(pieces):
        vacancy, taken = own[0].vacancy, {piece.number for piece in own}
        tasks = tuple(task for number, task in enumerate(vacancy.tasks) if number not in taken)
        kept.append(Kept(vacancy, tasks, vacancy.hours_min - sum(piece.hours for piece in own)))
    return tuple(kept)


def _by_vacancy(pieces: Sequence[Piece]) -> list[list[Piece]]:
    ids = sorted({piece.vacancy.id for piece in pieces})
    return [[piece for piece in pieces if piece.vacancy.id == one] for one in ids]


def _strength(bundle: Bundle) -> float:
    return sum(piece.evidence.strength for piece in bundle.pieces) / len(bundle.pieces)
