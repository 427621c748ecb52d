"""The engine in PostgreSQL answers as the one in memory."""

from pathlib import Path

import pytest

from service.opening import Passend
from service.search import PostgresSearch
from service.use_cases.importing import import_files
from service.use_cases.maintaining import find_occupations, import_esco
from service.use_cases.matching import find_candidates, match_person

ENOUGH = 0.99


@pytest.fixture
async def both(passend: Passend, demo_files: list[Path]) -> tuple[Passend, PostgresSearch]:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    await passend.search.places.open()
    await passend.search.people.open()
    return passend, await PostgresSearch.open(passend.pool, passend.encoder.model)


async def test_nearly_every_person_gets_the_same_first_twenty(both: tuple[Passend, PostgresSearch]) -> None:
    passend, postgres = both
    people = [row["id"] for row in await passend.pool.fetch("SELECT id FROM seeker ORDER BY id")]
    same = []
    for person in people:
        answers = [await match_person(passend.pool, search, passend.weights, person) for search in (passend.search, postgres)]
        one, other = ([(match["id"], match["ability"], match["reasons"]) for match in answer["matches"]] for answer in answers)
        same.append(one == other and answers[0]["rung_reached"] == answers[1]["rung_reached"])
    assert sum(same) / len(same) >= ENOUGH, [person for person, equal in zip(people, same, strict=True) if not equal]


async def test_a_place_gets_the_same_people(both: tuple[Passend, PostgresSearch]) -> None:
    passend, postgres = both
    places = [row["id"] for row in await passend.pool.fetch("SELECT id FROM opportunity ORDER BY id")][::5]
    for place in places:
        answers = [await find_candidates(passend.pool, search, passend.weights, place) for search in (passend.search, postgres)]
        one, other = ([candidate["seeker"] for candidate in answer["candidates"]] for answer in answers)
        assert one == other, place


async def test_a_rung_with_nothing_near_is_looked_up_farther_away_there_too(both: tuple[Passend, PostgresSearch]) -> None:
    passend, postgres = both
    await passend.pool.execute("UPDATE seeker SET max_travel_km = 0, revision = nextval('revision') WHERE id = 's02'")
    answers = [await match_person(passend.pool, search, passend.weights, "s02") for search in (passend.search, postgres)]
    one, other = ([step["nearest"][:1] for step in answer["stepped_down"]] for answer in answers)
    assert all(one)
    assert all(other)


async def test_occupations_are_found_in_the_database_too(passend: Passend, tmp_path: Path) -> None:
    rows = ["conceptUri,iscoGroup,preferredLabel,altLabels,description"]
    rows += ["uri:1,7231,fietsenmaker,rijwielhersteller,Herstelt fietsen en bromfietsen in een werkplaats."]
    rows += ["uri:2,5120,kok,keukenkracht,Kookt maaltijden voor gasten in een restaurant."]
    (tmp_path / "occupations_nl.csv").write_text("\n".join(rows), encoding="utf-8")
    await import_esco(passend.pool, passend.encoder, tmp_path)
    postgres = await PostgresSearch.open(passend.pool, passend.encoder.model)
    await passend.search.occupations.open()
    for search in (passend.search, postgres):
        found = await find_occupations(passend.pool, search, passend.encoder, "ik repareer fietsen", 2)
        assert [one.uri for one in found] == ["uri:1", "uri:2"]
