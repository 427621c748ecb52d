"""The memory of a worker: by area, by practical rules, in full; and what a snapshot, a removal and another worker do to it."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from embeddings.blocks import BlockStore
from embeddings.errors import SnapshotUnusable
from matching.ranking import candidates, rank
from service.db import opportunities, organisations, seekers
from service.db.identity import Identity, Role, acting
from service.opening import Passend
from service.search import Search, finding
from service.search.columns import ColumnIndex
from service.use_cases.auditing import replay
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates, match_person


@pytest.fixture
async def demo(passend: Passend, demo_files: list[Path]) -> Passend:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    await passend.search.places.open()
    await passend.search.people.open()
    return passend


async def everything(demo: Passend) -> tuple[list, list]:
    """All people and all places, as the database has them."""
    people = [row["id"] for row in await demo.pool.fetch("SELECT id FROM seeker ORDER BY id")]
    profiles = [await seekers.profile(demo.pool, one, demo.search.encoder) for one in people]
    keys = [row["key"] for row in await demo.pool.fetch("SELECT key FROM opportunity")]
    return profiles, await opportunities.places_by_key(demo.pool, keys, demo.search.encoder)


def within_reach(profile, places):
    return [place for place in places if place.opportunity.kind in profile.seeker.open_to]


async def test_what_is_found_gives_the_ranking_that_comparing_with_every_place_gives(demo: Passend) -> None:
    profiles, places = await everything(demo)
    for profile in profiles:
        expected = rank(profile, within_reach(profile, places), demo.weights)
        found = await demo.search.places_for(profile, 20)
        few = await opportunities.places_by_key(demo.pool, found.keys.tolist(), demo.search.encoder)
        answer = rank(profile, few, demo.weights)
        assert [match.opportunity.id for match in answer.matches if match.fits] == [
            match.opportunity.id for match in expected.matches if match.fits
        ]
        assert answer.rung_reached == expected.rung_reached


async def test_a_few_exact_comparisons_are_enough_for_nearly_the_same_list(demo: Passend, monkeypatch) -> None:
    profiles, _ = await everything(demo)
    exact = [await demo.search.places_for(profile, 5) for profile in profiles]
    monkeypatch.setattr(finding, "_EXACT", 20)
    few = [await demo.search.places_for(profile, 5) for profile in profiles]
    kept = [len(set(one.keys.tolist()) & set(other.keys.tolist())) / len(one.keys) for one, other in zip(exact, few, strict=True)]
    assert np.mean(kept) > 0.8


async def test_people_that_are_found_are_the_candidates_among_everyone(demo: Passend) -> None:
    profiles, places = await everything(demo)
    for place in places[::7]:
        found = await demo.search.people_for(place, 20)
        few = await seekers.profiles_by_key(demo.pool, found.keys.tolist(), demo.search.encoder)
        assert candidates(place, few, demo.weights) == candidates(place, profiles, demo.weights)


async def test_vectors_in_memory_are_those_of_the_database(demo: Passend) -> None:
    profiles, places = await everything(demo)
    found = await demo.search.places_for(profiles[0], 20)
    by_key = dict(zip(found.keys.tolist(), await _in_order(demo, found.keys.tolist()), strict=True))
    for key, vectors in found.still({key: (revision, None) for key, revision in zip(found.keys, found.revisions, strict=True)}):
        np.testing.assert_array_equal(vectors, by_key[key].vectors)
    assert places


async def _in_order(demo: Passend, keys: list[int]) -> list:
    return [(await opportunities.places_by_key(demo.pool, [key], demo.search.encoder))[0] for key in keys]


async def test_a_place_that_changes_between_finding_and_reading_is_shown_as_it_is_now(demo: Passend, monkeypatch) -> None:
    before = await match_person(demo.pool, demo.search, demo.weights, "s01")
    find = demo.search.places_for

    async def find_then_change(*asked, **named):
        found = await find(*asked, **named)
        await demo.pool.execute(
            """UPDATE opportunity SET tasks = tasks[1:1], texts = texts[1:5], needs = '[]', revision = nextval('revision')
               WHERE id = $1""",
            before["matches"][0]["id"],
        )
        return found

    monkeypatch.setattr(demo.search, "places_for", find_then_change)
    after = await match_person(demo.pool, demo.search, demo.weights, "s01")
    (same,) = [match for match in after["matches"] if match["id"] == before["matches"][0]["id"]]
    assert len([reason for reason in same["reasons"] if reason["part"] == "task"]) <= 1
    assert same["gaps"] == []


async def test_what_may_not_be_seen_drops_out_and_the_list_stays_full(demo: Passend, monkeypatch) -> None:
    before = [match["id"] for match in (await match_person(demo.pool, demo.search, demo.weights, "s14"))["matches"]]
    read = opportunities.by_key

    async def read_all_but_the_first(connection, keys):
        return {
            key: (revision, place) for key, (revision, place) in (await read(connection, keys)).items() if place.id != before[0]
        }

    monkeypatch.setattr(opportunities, "by_key", read_all_but_the_first)
    after = await match_person(demo.pool, demo.search, demo.weights, "s14", 5)
    assert [match["id"] for match in after["matches"]] == before[1:6]


async def test_a_removed_place_or_person_is_found_no_more_and_leaves_no_trace(demo: Passend) -> None:
    first = (await match_person(demo.pool, demo.search, demo.weights, "s01"))["matches"][0]["id"]
    await demo.pool.execute("DELETE FROM opportunity WHERE id = $1", first)
    assert first not in {match["id"] for match in (await match_person(demo.pool, demo.search, demo.weights, "s01"))["matches"]}
    people = (await find_candidates(demo.pool, demo.search, demo.weights, "o001"))["candidates"]
    await demo.pool.execute("DELETE FROM seeker WHERE id = $1", people[0]["seeker"])
    now = (await find_candidates(demo.pool, demo.search, demo.weights, "o001"))["candidates"]
    assert [one["seeker"] for one in now] == [one["seeker"] for one in people[1:]][: len(now)]
    assert len(demo.search.people.current) == await demo.pool.fetchval("SELECT count(*) FROM seeker")


async def test_another_worker_sees_a_change_at_once(demo: Passend, tmp_path: Path) -> None:
    other = await Search.open(demo.pool, demo.search.model, demo.encoder.dimension, tmp_path / "other")
    await other.places.open()
    await demo.pool.execute("UPDATE opportunity SET positions = 0, revision = nextval('revision') WHERE id = 'o002'")
    answer = await match_person(demo.pool, other, demo.weights, "s01")
    assert "o002" not in {match["id"] for match in answer["matches"]}


async def test_a_snapshot_that_was_damaged_is_built_again(demo: Passend, tmp_path: Path) -> None:
    demo.search.places.current.save(tmp_path / "places")
    again = _empty(demo)
    again.restore(tmp_path / "places")
    assert (len(again), again.mark) == (len(demo.search.places.current), demo.search.places.current.mark)
    (vectors,) = tmp_path.glob("places.*.columns/vectors.rows")
    data = bytearray(vectors.read_bytes())
    data[len(data) // 3] ^= 0xFF
    vectors.write_bytes(data)
    with pytest.raises(SnapshotUnusable):
        _empty(demo).restore(tmp_path / "places")
    (tmp_path / "places").write_text(json.dumps({"model": "another"}))
    with pytest.raises(SnapshotUnusable):
        _empty(demo).restore(tmp_path / "places")


def _empty(demo: Passend) -> ColumnIndex:
    return demo.search.places._make()


async def test_only_places_of_the_organisations_that_are_asked_for_are_looked_at(demo: Passend) -> None:
    own = await demo.pool.fetchval("SELECT organisation_id FROM installation")
    profile = await seekers.profile(demo.pool, "s01", demo.search.encoder)
    assert (await demo.search.places_for(profile, 20, frozenset([uuid4()]))).considered == 0
    assert (await demo.search.places_for(profile, 20, frozenset([own, uuid4()]))).considered > 0


async def test_a_small_municipality_finds_its_own_people_behind_any_number_of_others(demo: Passend) -> None:
    """Everyone but the last two on the list moves to a large municipality; the small one still finds its two."""
    everyone = [one["seeker"] for one in (await find_candidates(demo.pool, demo.search, demo.weights, "o001", 50))["candidates"]]
    large = await organisations.add(demo.pool, "municipality", "Grootstad", "onbekend")
    await demo.pool.execute("UPDATE seeker SET organisation_id = $1 WHERE NOT id = ANY($2)", large, everyone[-2:])
    small = await demo.pool.fetchval("SELECT organisation_id FROM installation")
    user = await demo.pool.fetchval("INSERT INTO app_user (organisation_id, name) VALUES ($1, 'Kim') RETURNING id", small)
    await demo.pool.execute("INSERT INTO user_role VALUES ($1, 'client_manager')", user)
    async with acting(demo.app, Identity(user, Role.CLIENT_MANAGER, small, "Kim")) as connection:
        found = await find_candidates(connection, demo.search, demo.weights, "o001", 2)
    assert [one["seeker"] for one in found["candidates"]] == everyone[-2:]


async def test_a_place_that_closes_or_is_a_draft_again_leaves_the_index(demo: Passend) -> None:
    await demo.search.places.follow()
    before = len(demo.search.places)
    await demo.pool.execute("UPDATE opportunity SET status = 'closed' WHERE id = 'o001'")
    await demo.pool.execute("UPDATE opportunity SET status = 'draft' WHERE id = 'o002'")
    await demo.search.places.follow()
    assert len(demo.search.places) == before - 2
    await demo.pool.execute("UPDATE opportunity SET status = 'open' WHERE id = 'o002'")
    await demo.search.places.follow()
    assert len(demo.search.places) == before - 1


async def test_a_match_is_the_same_when_it_is_done_again_from_its_receipt(demo: Passend) -> None:
    for person in ("s01", "s02", "s14"):
        answer = await match_person(demo.pool, demo.search, demo.weights, person)
        assert (await replay(demo.pool, UUID(answer["receipt"])))["identical"]
    found = await find_candidates(demo.pool, demo.search, demo.weights, "o001", turns=3)
    assert (await replay(demo.pool, UUID(found["receipt"])))["identical"]


async def test_what_is_removed_is_wiped_from_memory(demo: Passend) -> None:
    index = demo.search.people.current
    (slot,) = index.slots_of(np.array([await demo.pool.fetchval("SELECT key FROM seeker WHERE id = 's01'")]))
    first, count = index._store._blocks.take(np.array([slot]))[0]
    await demo.pool.execute("DELETE FROM seeker WHERE id = 's01'")
    await demo.search.people.follow()
    assert not index._store._vectors.take(np.arange(first, first + count)).any()


async def test_a_start_from_the_database_leaves_a_snapshot_for_the_next_one(demo: Passend, tmp_path: Path) -> None:
    first = await Search.open(demo.pool, demo.search.model, demo.encoder.dimension, tmp_path / "kept")
    first.places._saved = -10_000
    await first.places.open()
    await first.close()
    again = first.places._load(first.places._snapshot)
    assert (len(again), again.mark) == (len(first.places), first.places.current.mark)


async def test_searches_go_on_when_the_disk_is_full_and_nothing_half_written_stays(
    demo: Passend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(store: BlockStore, folder: Path) -> None:
        (folder / "vectors.rows").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    search = await Search.open(demo.pool, demo.search.model, demo.encoder.dimension, tmp_path / "full")
    with monkeypatch.context() as patched:
        patched.setattr(BlockStore, "save", full)
        await search.people.rebuild()
        search.people._saved_at = -1e9
        await demo.pool.execute("DELETE FROM seeker WHERE id = 's01'")
        await search.people.follow()
        found = await find_candidates(demo.pool, search, demo.weights, "o001")
        await search.close()
    assert found["candidates"]
    assert caplog.text.count("could not be written") == 2
    assert not [file for file in (tmp_path / "full").iterdir() if file.suffix != ".lock"]
    search.people._saved_at = -1e9
    await search.people.follow()
    await search.close()
    assert len(search.people._load(search.people._snapshot)) == len(search.people)
