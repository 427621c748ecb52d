"""Rows about explained matches and candidates: against the limit and against peers, and how much of the exact answer is found."""

import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

import numpy as np

from matching.ranking import rank
from matching.vectors import Place, Profile
from service.opening import Passend
from service.search import Engine, PostgresSearch
from service.use_cases.matching import match_person, people_found, people_in_turn, places_found
from tests.benchmarks.peers import BareFaiss, BruteForce, OneVector, Peer, PgVector, Usearch
from tests.benchmarks.sides import SHOWN, PeopleSide, PlacesSide, Side
from tests.benchmarks.table import Row, against, at_least, at_most, median, p95

RECALL = 0.95
P50 = {10_000: 15, 50_000: 15, 100_000: 15, 1_000_000: 40}
P95 = {10_000: 40, 50_000: 40, 100_000: 40, 1_000_000: 100}
NATIONWIDE_KM, NATIONWIDE_MS = 400, 300
MOST_FOR_BRUTE_FORCE = 100_000
FIVE_TIMES_AT = 100_000
EXACT_FOR = 50
BUILDING_PEERS = os.environ.get("PEERS", "1") != "0"


async def place_rows(passend: Passend, profiles: Sequence[Profile], few: Sequence[Profile], size: int) -> list[Row]:
    """All rows about places for people at one size; `few` people for the slower peers."""
    side = PlacesSide(passend.search.places.current, passend.pool, passend.weights)

    async def ours(profile: Profile, engine: Engine = passend.search) -> list[str]:
        found = await engine.places_for(profile, SHOWN + 10)
        places = await places_found(passend.pool, engine, found)
        ranking = rank(profile, places, passend.weights, SHOWN, found.considered)
        return [match.opportunity.id for match in ranking.matches if match.fits]

    async def whole(profile: Profile) -> object:
        return await match_person(passend.pool, passend.search, passend.weights, profile.seeker.id)

    times = await _timed(ours, profiles)
    rows = [
        *_of_ours("match", times, size),
        *_of_ours("match with profile read and receipt written", await _timed(whole, profiles), size),
        await _recall("match", side, ours, profiles, size),
        await _nationwide(ours, profiles, size),
    ]
    postgres = await PostgresSearch.open(passend.engine, passend.search.model, passend.weights)
    rows += await _against("match", "Passend on PostgreSQL", lambda one: ours(one, postgres), None, few, times, size)
    for name, make, goal, some in _peers(size, profiles, few):
        rows += await _against("match", name, await make(side), goal, some, times, size, side)
    return rows


async def people_rows(passend: Passend, places: Iterable[Place], few: int, size: int) -> list[Row]:
    """All rows about people for places; `few` places for the slower peers."""
    side, asked = PeopleSide(passend.search.people.current, passend.pool, passend.weights), list(places)

    async def ours(place: Place) -> list[str]:
        found = await passend.search.people_for(place, SHOWN + 10)
        people = await people_found(passend.pool, passend.search, found)
        return [match.seeker_id for match in people_in_turn(place, people, passend.weights, SHOWN, 0, {})]

    times = await _timed(ours, asked)
    rows = [*_of_ours("candidates", times, size), await _recall("candidates", side, ours, asked, size)]
    for name, make, goal, some in _peers(size, asked, asked[:few]):
        rows += await _against("candidates", name, await make(side), goal, some, times, size, side)
    return rows


def _of_ours(name: str, times: Sequence[float], size: int) -> Iterator[Row]:
    yield at_most(f"{name}, p50", size, median(times), P50.get(size))
    yield at_most(f"{name}, p95", size, p95(times), P95.get(size))


def _peers(
    size: int, asked: Sequence, few: Sequence
) -> Iterator[tuple[str, Callable[[Side], Awaitable[Peer]], float | None, Sequence]]:
    async def pgvector(side: Side) -> Peer:
        return await PgVector(side).prepare()

    def made(kind: Callable[[Side], Peer]) -> Callable[[Side], Awaitable[Peer]]:
        async def make(side: Side) -> Peer:
            return kind(side)

        return make

    yield "FAISS search and fetch alone", made(BareFaiss), 2.0, asked
    yield "one vector each (informs)", made(OneVector), None, asked
    if not BUILDING_PEERS:
        return
    faster = 0.2 if size == FIVE_TIMES_AT else 1.0
    yield "pgvector HNSW, rules in SQL", pgvector, faster, few
    yield "usearch, rules afterwards", made(Usearch), 1.0, few
    if size <= MOST_FOR_BRUTE_FORCE:
        yield "semantic_search over all", made(BruteForce), faster, few[:20]


async def _against(
    what: str,
    name: str,
    peer: Peer,
    goal: float | None,
    asked: Sequence,
    ours: Sequence[float],
    size: int,
    side: Side | None = None,
) -> list[Row]:
    """Our median against a peer's, over the same who asked; and what the peer finds of the exact answer.

    A peer that is to be beaten does the whole work: what it found is read and explained as ours is.
    """
    whole = _explaining(peer, side) if side and goal is not None and goal <= 1 else peer
    times = await _timed(whole, asked)
    rows = [against(what, size, median(ours[: len(asked)]), name, median(times), goal)]
    if side:
        kept = [_share((await peer(one)).tolist(), side.exact(one).tolist()) for one in asked[:EXACT_FOR]]
        rows.append(at_most(f"recall@20 of {name} (share), {what}", size, float(np.mean(kept))))
    return rows


def _explaining(peer: Peer, side: Side) -> Callable[..., Awaitable[None]]:
    async def found_and_explained(asked: Profile | Place) -> None:
        await side.explain(asked, await peer(asked))

    return found_and_explained


async def _recall(what: str, side: Side, ours: Callable[..., Awaitable[list[str]]], asked: Sequence, size: int) -> Row:
    keys = dict(await side.pool.fetch(f"SELECT id, key FROM {side.table}"))
    kept = []
    for one in asked[: 2 * EXACT_FOR]:
        found = side.index.slots_of(np.array([keys[identifier] for identifier in await ours(one)], np.int64))
        kept.append(_share(found.tolist(), side.exact(one).tolist()))
    return at_least(f"{what}, recall@20 of exact (share)", size, float(np.mean(kept)), RECALL)


def _share(found: list[int], right: list[int]) -> float:
    return len(set(found) & set(right)) / len(right) if right else 1.0


async def _nationwide(ours: Callable[[Profile], Awaitable[object]], profiles: Sequence[Profile], size: int) -> Row:
    """The same people, when they would travel anywhere."""
    from dataclasses import replace

    anywhere = [Profile(replace(one.seeker, max_travel_km=float(NATIONWIDE_KM)), one.vectors) for one in profiles[:100]]
    return at_most("match nationwide, p50", size, median(await _timed(ours, anywhere)), NATIONWIDE_MS)


async def _timed(ask: Callable[..., Awaitable[object]], things: Sequence) -> list[float]:
    await ask(things[0])
    times = []
    for thing in things:
        start = time.perf_counter()
        await ask(thing)
        times.append(time.perf_counter() - start)
    return times
