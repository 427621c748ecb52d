"""People and places for the tests of matching: fictional texts, random unit vectors, and weights of their own."""

from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from matching.model import DAYPARTS, LanguageLevels, Level, Need, Opportunity, Position, Rung, Seeker, Support, Transport
from matching.scoring import ABILITY_FEATURES, Logistic, Weights
from matching.vectors import Place, Places, Profile, Vectors, opportunity_texts, seeker_texts

DIMENSION = 16
quick = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)

WEIGHTS = Weights(
    ability=Logistic(-1.2, dict(zip(ABILITY_FEATURES, (2.0, 1.5, 1.0, 1.0, 2.0, 0.5, 1.0, 0.5), strict=True))),
    motivation=Logistic(-0.5, {"purpose": 2.0, "work": 2.0}),
    evidence=Logistic(-1.5, {"cosine": 6.0}),
    order={"ability": 1.0, "motivation": 0.3, "lightness": 0.1, "nearness": 0.1},
    bands=(0.65, 0.55, 0.45, 0.35),
    reached=0.5,
)
"""Random unit vectors land in every band of these, and about half of their best sentence pairs are worth saying."""

ABILITIES = (
    "ik repareer al jaren fietsen",
    "ik kook graag voor een grote groep",
    "ik ben beperkt belastbaar maar ik tuinier elke dag",
    "ik maak {sjablonen} op de computer",
    "ik ruim alles netjes op",
)
MOTIVATIONS = (
    "ik wil nuttig zijn voor mijn buurt",
    "ik ben graag onder de mensen",
    "zonder werk is het stil, dat is een probleem",
)
LEARNING = ("ik wil leren lassen", "ik wil beter Nederlands leren", "ik wil leren omgaan met {computers}")
TITLES = ("Fietsenmaker", "Hulp in de keuken", "Medewerker groen", "Lasser metaal", "Helper bij zieke dieren")
TASKS = ("banden plakken", "soep koken", "onkruid wieden", "lassen van hekken", "vragen beantwoorden", "formulier {A} invullen")
NEEDS = ("handig zijn", "geen probleem met vroeg opstaan", "kunnen samenwerken", "lezen van een tekening")
SUMMARIES = (
    "",
    "Een kleine werkplaats.",
    "Je leert hier Nederlands en je haalt VCA op een rustige plek.",
    "Totaal nieuw: een buurthuis.",
)
OFFERS = ("", "een gezellig team", "je helpt mensen met een uitkering of schuld", "taalles en frisse lucht")
LICENCES = ("B", "C", "VCA", "forklift", "VOG", "HACCP", "diploma zorg")


def unit_vectors(count: int, seed: int, dimension: int = DIMENSION) -> Vectors:
    """Random vectors (count, dimension) of length 1."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def along(*axes: int) -> Vectors:
    """Vectors that each point along one axis: the same axis is cosine 1, another is cosine 0."""
    return np.eye(DIMENSION, dtype=np.float32)[list(axes)]


def stacked(*places: Place) -> Places:
    return Places(places)


def ids(items: Sequence[Place]) -> list[str]:
    return [place.opportunity.id for place in items]


seeds = st.integers(0, 2**32 - 1)
positions = st.builds(Position, st.floats(51.8, 52.2), st.floats(6.0, 6.8), st.booleans())
levels = st.none() | st.sampled_from(Level)
language_levels = st.builds(LanguageLevels, levels, levels, levels)
dayparts = st.none() | st.frozensets(st.sampled_from(DAYPARTS), max_size=12)
licences = st.frozensets(st.sampled_from(LICENCES), max_size=2)
supports = st.frozensets(st.sampled_from(Support), max_size=3)
needs = st.builds(Need, st.sampled_from(NEEDS), st.booleans(), st.booleans())


def sentences(pool: Sequence[str], most: int) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(pool), max_size=most, unique=True).map(tuple)


@st.composite
def hours(draw: DrawFn) -> dict[str, float]:
    low, high = sorted(draw(st.tuples(*[st.integers(2, 80)] * 2)))
    return {"hours_min": low / 2, "hours_max": high / 2}


@st.composite
def open_seekers(draw: DrawFn) -> Seeker:
    """People whom every practical rule suits, so that only texts decide; some told nothing yet."""
    return Seeker(
        id=f"s{draw(st.integers(0, 99)):02}",
        abilities=draw(sentences(ABILITIES, 3)),
        motivations=draw(sentences(MOTIVATIONS, 2)),
        learning=draw(sentences(LEARNING, 2)),
    )


@st.composite
def seekers(draw: DrawFn) -> Seeker:
    """People with wishes of every practical kind."""
    told = draw(open_seekers())
    return Seeker(
        id=told.id,
        abilities=told.abilities,
        motivations=told.motivations,
        learning=told.learning,
        position=draw(st.none() | positions),
        max_travel_km=draw(st.integers(0, 80)) / 2,
        transport=draw(st.sampled_from(Transport)),
        dayparts=draw(dayparts),
        language=draw(language_levels),
        licences=draw(licences),
        support_needs=draw(supports),
        open_to=draw(st.frozensets(st.sampled_from(Rung), min_size=1)),
        **draw(hours()),
    )


@st.composite
def open_opportunities(draw: DrawFn) -> Opportunity:
    """Opportunities that ask nothing practical."""
    return Opportunity(
        id=f"p{draw(st.integers(0, 99)):02}",
        kind=draw(st.sampled_from(Rung)),
        title=draw(st.sampled_from(TITLES)),
        summary=draw(st.sampled_from(SUMMARIES)),
        tasks=draw(sentences(TASKS, 3)),
        needs=draw(st.lists(needs, max_size=2, unique_by=lambda need: need.text).map(tuple)),
        offers=draw(st.sampled_from(OFFERS)),
        support=draw(supports),
    )


@st.composite
def opportunities(draw: DrawFn) -> Opportunity:
    """Opportunities with demands of every practical kind."""
    told = draw(open_opportunities())
    return Opportunity(
        id=told.id,
        kind=told.kind,
        title=told.title,
        summary=told.summary,
        tasks=told.tasks,
        needs=told.needs,
        offers=told.offers,
        position=draw(st.none() | positions),
        dayparts=draw(dayparts),
        language_min=draw(language_levels),
        licences=draw(licences),
        support=draw(supports),
        positions=draw(st.integers(0, 2)),
        **draw(hours()),
    )


plain_seekers, plain_opportunities = open_seekers(), open_opportunities()


@st.composite
def profiles(draw: DrawFn, people: SearchStrategy[Seeker] = plain_seekers) -> Profile:
    seeker = draw(people)
    return Profile(seeker, unit_vectors(len(seeker_texts(seeker)), draw(seeds)))


@st.composite
def single_places(draw: DrawFn, works: SearchStrategy[Opportunity] = plain_opportunities) -> Place:
    opportunity = draw(works)
    return Place(opportunity, unit_vectors(len(opportunity_texts(opportunity)), draw(seeds)))


def place_lists(
    works: SearchStrategy[Opportunity] = plain_opportunities, least: int = 1, most: int = 8
) -> SearchStrategy[list[Place]]:
    """Places with different ids and different texts."""
    different = (lambda place: place.opportunity.id, lambda place: place.vectors.tobytes()[:8])
    return st.lists(single_places(works), min_size=least, max_size=most, unique_by=different)


def profile_lists(people: SearchStrategy[Seeker] = plain_seekers) -> SearchStrategy[list[Profile]]:
    different = (lambda profile: profile.seeker.id, lambda profile: profile.vectors.tobytes()[:8])
    return st.lists(profiles(people), min_size=1, max_size=6, unique_by=different)
