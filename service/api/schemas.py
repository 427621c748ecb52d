"""What goes into the API and comes out, in camelCase."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from matching.model import AskedFor, Rule, Rung, State

Probability = Annotated[float, Field(ge=0, le=1)]


class Answer(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True)


class Asked(BaseModel):
    """Base of what is handed to the API."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class PracticalRule(Answer):
    """A rule of practical fit."""

    rule: Rule
    state: State
    sentence: str


class Reason(Answer):
    """A person's own sentence beside a sentence of the place."""

    statement: str
    task: str
    part: AskedFor
    strength: Probability
    sentence: str


class GapAnswer(Answer):
    """Something the place needs and nothing was told about yet."""

    text: str
    state: State
    must: bool
    sentence: str


class Pair(Answer):
    """One person with one place."""

    title: str
    organisation: str
    place: str
    rung: Rung
    fits: bool
    ability: Probability
    ability_band: int
    motivation: Probability
    score: float
    distance: Annotated[float | None, Field(description="km, straight line; null when a position is not known")]
    practical: list[PracticalRule]
    reasons: list[Reason]
    gaps: list[GapAnswer]


class RankedPlace(Pair):
    """A place in the list of a person."""

    rank: int
    id: str


class RankedPerson(Pair):
    """A person in the list of a place, by code."""

    rank: int
    seeker: str


class NearPlace(Answer):
    """The nearest place on a rung that was stepped down from."""

    id: str
    title: str
    ability: Probability
    needed: list[str]
    gaps: list[str]


class SteppedDown(Answer):
    """A rung above the one reached, and what stood between."""

    rung: Rung
    sentence: str
    nearest: list[NearPlace]


class Towards(Answer):
    """The place a stepping stone leads to."""

    id: str
    title: str
    rung: Rung


class Stone(Answer):
    """A place within reach that builds what a higher one asks."""

    id: str
    title: str
    rung: Rung
    towards: Towards
    builds: list[str]
    sentence: str


class OneMatch(Pair):
    """One person with one place, whether it fits or not."""

    seeker: str
    id: str


class Matches(Answer):
    """The places that fit a person, best first."""

    seeker: str
    rung_reached: Rung | None
    stepped_down: list[SteppedDown]
    stepping_stones: list[Stone]
    matches: list[RankedPlace]
    considered: int
    receipt: str


class Candidates(Answer):
    """The people who fit a place, best first."""

    opportunity: str
    candidates: list[RankedPerson]
    receipt: str
