"""The systems that are compared: Passend, its parts, and four that an engineer would build in an afternoon."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from embeddings.encoder import Encoder
from matching.model import Opportunity, Seeker, State
from matching.practical import practical_fit
from matching.ranking import rank
from matching.scoring import Weights, ability_features
from matching.vectors import Places, Profile
from service.evaluation.judged_set import JudgedSet, with_vectors

LONGEST = 50
"""How many places a ranking holds; the measures look at ten."""

Scores = NDArray[np.float64]
Ranker = Callable[[int], list[str]]
"""Ids of places for person number n, best first."""


@dataclass(frozen=True)
class Timed:
    """Rankings by person, and how long one took on average."""

    rankings: dict[str, list[str]]
    ms_per_person: float


BASELINES = ("bm25", "char-tfidf", "bi-encoder", "bi-encoder+filters")
ABLATIONS = ("adapted-bi-encoder+filters", "sentences-only", "without-motivation", "without-rung-order")


def run(name: str, judged: JudgedSet, adapted: Encoder, plain: Encoder, weights: Weights) -> Timed:
    """Runs one system by name over all people of a judged set; vectors are made before the clock starts.

    Raises:
        KeyError: there is no system of that name.
    """
    ranker = _RANKERS[name](judged, adapted, plain, weights)
    start = time.perf_counter()
    rankings = {seeker.id: ranker(number) for number, seeker in enumerate(judged.seekers)}
    return Timed(rankings, 1000 * (time.perf_counter() - start) / max(len(rankings), 1))


def breaks_a_limit(seeker: Seeker, place: Opportunity) -> bool:
    """Some practical rule is not met."""
    return any(outcome.state is not State.MET for outcome in practical_fit(seeker, place))


def seeker_document(seeker: Seeker) -> str:
    """A profile as one text."""
    return " ".join(seeker.sentences)


def place_document(place: Opportunity) -> str:
    """A place as one text."""
    return " ".join([place.title, place.summary, *place.tasks, *(need.text for need in place.needs), place.offers])


def _passend(judged: JudgedSet, adapted: Encoder, _: Encoder, weights: Weights) -> Ranker:
    profiles, places = with_vectors(judged, adapted)
    return lambda number: [match.opportunity.id for match in rank(profiles[number], places, weights, LONGEST).matches]


def _bm25(judged: JudgedSet, *_: object) -> Ranker:
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    index = bm25s.BM25()
    corpus = [place_document(place) for place in judged.opportunities]
    index.index(bm25s.tokenize(corpus, stopwords=None, show_progress=False), show_progress=False)

    def ranker(number: int) -> list[str]:
        query = bm25s.tokenize(seeker_document(judged.seekers[number]), stopwords=None, return_ids=False, show_progress=False)
        return _best(judged.opportunities, np.asarray(index.get_scores(query[0]), np.float64))

    return ranker


def _char_tfidf(judged: JudgedSet, *_: object) -> Ranker:
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    places = vectoriser.fit_transform([place_document(place) for place in judged.opportunities])

    def ranker(number: int) -> list[str]:
        query = vectoriser.transform([seeker_document(judged.seekers[number])])
        return _best(judged.opportunities, np.asarray((places @ query.T).todense(), np.float64).ravel())

    return ranker


def _one_vector(judged: JudgedSet, encoder: Encoder, filtered: bool) -> Ranker:
    people = encoder.encode([seeker_document(seeker) for seeker in judged.seekers])
    places = encoder.encode([place_document(place) for place in judged.opportunities])

    def ranker(number: int) -> list[str]:
        scores = np.asarray(places @ people[number], np.float64)
        if filtered:
            return _best_fitting(judged.seekers[number], judged.opportunities, scores)
        return _best(judged.opportunities, scores)

    return ranker


def _without(judged: JudgedSet, encoder: Encoder, score: Callable[[Profile, Places], Scores]) -> Ranker:
    profiles, places = with_vectors(judged, encoder)
    stacked = Places(places)
    return lambda number: _best_fitting(judged.seekers[number], judged.opportunities, score(profiles[number], stacked))


def _ability_only(weights: Weights) -> Callable[[Profile, Places], Scores]:
    return lambda profile, places: weights.ability.probability(ability_features(profile, places))


def _tasks_only(profile: Profile, places: Places) -> Scores:
    return ability_features(profile, places)["tasks"]


def _score_order(judged: JudgedSet, adapted: Encoder, _: Encoder, weights: Weights) -> Ranker:
    """One list by the combined score alone: no bands, no rung."""
    from matching.scoring import score

    return _without(judged, adapted, lambda profile, places: score(profile, places, weights).order)


def _best(places: Sequence[Opportunity], scores: Scores) -> list[str]:
    order = np.argsort(-scores, kind="stable")[:LONGEST]
    return [places[number].id for number in order]


def _best_fitting(seeker: Seeker, places: Sequence[Opportunity], scores: Scores) -> list[str]:
    fits = np.array([not breaks_a_limit(seeker, place) for place in places])
    order = [number for number in np.argsort(-scores, kind="stable") if fits[number]][:LONGEST]
    return [places[number].id for number in order]


_RANKERS: dict[str, Callable[[JudgedSet, Encoder, Encoder, Weights], Ranker]] = {
    "passend": _passend,
    "bm25": _bm25,
    "char-tfidf": _char_tfidf,
    "bi-encoder": lambda judged, _, plain, __: _one_vector(judged, plain, filtered=False),
    "bi-encoder+filters": lambda judged, _, plain, __: _one_vector(judged, plain, filtered=True),
    "adapted-bi-encoder+filters": lambda judged, adapted, _, __: _one_vector(judged, adapted, filtered=True),
    "sentences-only": lambda judged, adapted, _, __: _without(judged, adapted, _tasks_only),
    "without-motivation": lambda judged, adapted, _, weights: _without(judged, adapted, _ability_only(weights)),
    "without-rung-order": _score_order,
}
