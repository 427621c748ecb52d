"""The words of matching (docs/glossary.md): people, places, and what each side says in practical terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Rung(StrEnum):
    """Kind of an opportunity. The order is the ladder, from most to least like regular work; it orders places, not people."""

    PAID = "paid"
    PAID_WITH_SUPPORT = "paid_with_support"
    SHELTERED = "sheltered"
    TRIAL_PLACEMENT = "trial_placement"
    BASIC_JOB = "basic_job"
    LEARNING = "learning"
    WORK_EXPERIENCE = "work_experience"
    VOLUNTEERING = "volunteering"
    SOCIAL_ACTIVATION = "social_activation"
    DAY_ACTIVITY = "day_activity"

    @property
    def depth(self) -> int:
        """Steps below the top of the ladder; paid work is 0."""
        return _DEPTHS[self]


LADDER = tuple(Rung)
_DEPTHS = {rung: depth for depth, rung in enumerate(LADDER)}


class Transport(StrEnum):
    """How a person travels."""

    WALK = "walk"
    BIKE = "bike"
    EBIKE = "ebike"
    CAR = "car"
    PUBLIC = "public"


class Support(StrEnum):
    """What someone needs to work well, or a place offers: functional, never medical, the same words on both sides."""

    JOB_COACH = "job_coach"
    BUDDY = "buddy"
    QUIET_PLACE = "quiet_place"
    SEATED_WORK = "seated_work"
    FIXED_ROUTINE = "fixed_routine"
    SHORT_SHIFTS = "short_shifts"
    NO_LIFTING = "no_lifting"
    ADAPTED_WORKPLACE = "adapted_workplace"
    SIMPLE_INSTRUCTIONS = "simple_instructions"
    NO_PHONE = "no_phone"


class Level(StrEnum):
    """Language level of the Common European Framework (CEFR)."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    @property
    def step(self) -> int:
        """Number of the level, A1 = 0."""
        return _STEPS[self]


_STEPS = {level: step for step, level in enumerate(Level)}

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYPARTS = tuple(f"{day}_{part}" for day in DAYS for part in ("am", "pm", "eve"))
HOURS_PER_DAYPART = 4


class Position(NamedTuple):
    """A point on the map.

    Attributes:
        exact: measured from the centre of a postcode; otherwise from the centre of the place.
    """

    latitude: float
    longitude: float
    exact: bool = True


@dataclass(frozen=True, slots=True)
class LanguageLevels:
    """Dutch of a person, or asked by a place; None means not known, or nothing asked."""

    speaking: Level | None = None
    reading: Level | None = None
    writing: Level | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something an opportunity needs: `must` or nice to have, and whether it can be learned there."""

    text: str
    must: bool = True
    learnable: bool = False


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person who looks for a place. Sentences are in the person's own words; hours are per week, distances in km."""

    id: str
    abilities: tuple[str, ...] = ()
    motivations: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()
    position: Position | None = None
    max_travel_km: float = 10.0
    transport: Transport = Transport.BIKE
    hours_min: float = 1.0
    hours_max: float = 40.0
    dayparts: frozenset[str] | None = None
    language: LanguageLevels = LanguageLevels()
    licences: frozenset[str] = frozenset()
    support_needs: frozenset[Support] = frozenset()
    open_to: frozenset[Rung] = frozenset(Rung)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence of the profile, abilities first."""
        return self.abilities + self.learning + self.motivations


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A place to work, learn or take part. Hours are per week."""

    id: str
    kind: Rung
    title: str
    organisation: str = ""
    place: str = ""
    summary: str = ""
    tasks: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    offers: str = ""
    position: Position | None = None
    hours_min: float = 1.0
    hours_max: float = 40.0
    dayparts: frozenset[str] | None = None
    language_min: LanguageLevels = LanguageLevels()
    licences: frozenset[str] = frozenset()
    support: frozenset[Support] = frozenset()
    positions: int = 1


class State(StrEnum):
    """How something that is asked stands with a person now."""

    MET = "met"
    TO_LEARN = "to_learn"
    BLOCKING = "blocking_for_now"


class Rule(StrEnum):
    """A rule of practical fit."""

    HOURS = "hours"
    DAYPARTS = "dayparts"
    REACH = "reach"
    LICENCES = "licences"
    LANGUAGE = "language"
    SUPPORT = "support"
    OPEN_TO = "open_to"
    POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule of practical fit says of a pair; `facts` fill the sentence named by `phrase`."""

    rule: Rule
    state: State
    phrase: str
    facts: Mapping[str, object] = field(default_factory=dict)


class AskedFor(StrEnum):
    """Where a sentence of an opportunity comes from."""

    TASK = "task"
    NEED = "need"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A person's own sentence beside a sentence of the place; `strength` is the probability that the one supports the other."""

    statement: str
    asked: str
    part: AskedFor
    strength: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Something needed that is not there yet: to learn, or blocking for now."""

    text: str
    state: State
    must: bool


@dataclass(frozen=True, slots=True)
class Match:
    """One person with one place, scored and explained.

    Attributes:
        ability: probability that the person can do the work, or can learn it there (0 to 1).
        motivation: the same for what moves the person (0 to 1).
        score: orders places inside a band of the same rung.
        band: ability band; 0 is the strongest.
        distance_km: straight line, None when a position is not known.
    """

    seeker_id: str
    opportunity: Opportunity
    ability: float
    motivation: float
    score: float
    band: int
    practical: tuple[Outcome, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]
    distance_km: float | None

    @property
    def fits(self) -> bool:
        """Every practical rule is met."""
        return all(outcome.state is State.MET for outcome in self.practical)

    @property
    def unmet(self) -> tuple[Outcome, ...]:
        """The practical rules that are not met now."""
        return tuple(outcome for outcome in self.practical if outcome.state is not State.MET)


def ordered(rungs: Iterable[Rung]) -> list[Rung]:
    """Rungs from the top of the ladder down."""
    return sorted(rungs, key=lambda rung: rung.depth)
