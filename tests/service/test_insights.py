"""Insights: worked out by hand on proposals that were put in row by row, and no small number that can be worked out."""

import csv
import io
import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cells import SMALLEST, shown_total, without_small_cells
from service.db import insights
from service.db.connect import Pools
from service.db.identity import acting
from service.errors import BadInput
from service.use_cases.insights import Number, as_csv, first_day, numbers
from tests.service.world import PLACE, SEEKER, identity, number, populate

QUARTER = "2026-Q4"
BEGIN = first_day(QUARTER)


@pytest.fixture(scope="module")
async def world(module_pools: Pools) -> Pools:
    await populate(module_pools.owner)
    return module_pools


@pytest.fixture(autouse=True)
async def empty(world: Pools) -> AsyncIterator[None]:
    yield
    await world.owner.execute("TRUNCATE proposal, proposal_step, outcome_count, surfacing CASCADE")
    await world.owner.execute("DELETE FROM seeker WHERE id LIKE 'extra%'")


@pytest.fixture
def propose(world: Pools):
    counter = itertools.count()

    async def add(*steps: tuple[str, str], person: str = "p1", organisation: str = "m1", rung: str = "paid", **more: str) -> str:
        """A proposal with steps (state, day), put in without the rules of the state machine."""
        name = f"proposal {next(counter)}"
        async with world.owner.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute(
                """INSERT INTO proposal (id, seeker_id, opportunity_id, organisation_id, rung, state, created_at)
                   VALUES ($1, $2, $6, $3, $4, $5, now())""",
                number(name), person, number(organisation), rung, steps[-1][0], name,
            )  # fmt: skip
            for place, (state, day) in enumerate(steps, start=1):
                undoes = int(state.removeprefix("undo ")) if state.startswith("undo ") else None
                await connection.execute(
                    """INSERT INTO proposal_step (proposal_id, number, from_state, to_state, undoes, reason, by_role, by_name, at)
                       VALUES ($1, $2, 'suggested', $3, $4, $5, 'client_manager', '', $6::text::timestamptz)""",
                    number(name), place, "proposed" if undoes else state, undoes, more.get("reason"), f"{day} 12:00+01",
                )  # fmt: skip
        return name

    return add


async def test_each_measure_counts_what_happened_in_the_quarter_and_nothing_else(propose, world: Pools) -> None:
    await propose(("proposed", "2026-10-01"), ("started", "2026-10-11"), ("lasting_1", "2026-11-11"), rung="volunteering")
    await propose(("proposed", "2026-09-01"), ("started", "2026-10-01"), ("ended", "2026-11-01"), person="p1b")
    await propose(("proposed", "2026-10-01"), ("started", "2026-12-20"))
    await propose(("proposed", "2026-06-01"), ("started", "2026-09-29"), person="p1b", rung="volunteering")
    await propose(("proposed", "2026-10-01"), ("started", "2027-01-01"), person="p1b")
    await propose(("proposed", "2026-10-01"), ("started", "2026-10-02"), ("undo 2", "2026-10-02"))
    await propose(("proposed", "2026-10-01"), ("declined", "2026-10-02"), reason="travel")
    await propose(("proposed", "2026-10-01"), ("refused", "2026-10-02"))
    await propose(("proposed", "2026-10-01"), ("started", "2026-10-02"), organisation="m2", person="p2")
    await world.owner.execute("INSERT INTO outcome_count VALUES ($1, $2, 'paid', 'started', '', 3)", number("m1"), BEGIN)

    connection, municipality = world.owner, number("m1")
    assert await insights.outflow(connection, municipality, BEGIN) == {"paid": 5, "volunteering": 1}
    assert await insights.lasting(connection, municipality, BEGIN) == {"lasting_1": 1}
    assert await insights.declines(connection, municipality, BEGIN) == {"declined: travel": 1, "refused: other": 1}
    assert await insights.time_to_placement(connection, municipality, BEGIN) == insights.Spread(3, 30.0)
    ladder = ["paid", "volunteering"]
    assert await insights.steps_on_the_ladder(connection, municipality, BEGIN, ladder) == {"forward": 2}
    await propose(("started", "2026-12-30"), rung="volunteering")
    await propose(("started", "2026-12-30"), person="p1b")
    assert await insights.steps_on_the_ladder(connection, municipality, BEGIN, ladder) == {"forward": 2, "back": 1, "same": 1}


async def test_a_quarter_begins_at_midnight_in_the_netherlands(propose, world: Pools) -> None:
    await propose(("started", "2026-10-01"))
    await world.owner.execute("UPDATE proposal_step SET at = '2026-09-30T22:00:00Z'")
    assert await insights.outflow(world.owner, number("m1"), BEGIN) == {"paid": 1}
    await world.owner.execute("UPDATE proposal_step SET at = '2026-09-30T21:59:59Z'")
    assert await insights.outflow(world.owner, number("m1"), BEGIN) == {}


async def test_coverage_and_exposure_count_people(world: Pools) -> None:
    await world.owner.execute("UPDATE seeker SET created_at = '2026-10-05' WHERE organisation_id = $1", number("m1"))
    for each in range(6):
        await world.owner.execute(PLACE, number("w1"), f"place{each}", None, "open")
        await world.owner.execute("INSERT INTO surfacing VALUES ('p1', $1, 'candidates', $2, now())", f"place{each}", BEGIN)
    assert await insights.coverage(world.owner, number("m1"), BEGIN) == {"with_suggestion": 1, "without_suggestion": 1}
    assert await insights.exposure(world.owner, number("m1"), BEGIN) == {"6-20": 1, "0": 1}
    assert await insights.coverage(world.owner, number("m1"), first_day("2026-Q3")) == {}


async def test_numbers_about_few_people_are_not_shown_and_csv_says_the_same(propose, world: Pools) -> None:
    for each in range(9):
        await world.owner.execute(SEEKER, number("m1"), f"extra{each}")
        rung = ("paid", "paid", "paid", "paid", "paid", "paid", "learning", "learning", "basic_job")[each]
        await propose(("proposed", "2026-10-01"), ("started", "2026-10-11"), person=f"extra{each}", rung=rung)
    async with acting(world.app, identity("auditor")) as connection:
        found = await numbers(connection, number("m1"), QUARTER)
    shown = {one.group: one.value for one in found if one.measure == "outflow"}
    assert (shown["paid"], shown["learning"], shown["basic_job"], shown["sheltered"], shown["total"]) == (None, None, None, 0, 9)
    assert Number("time_to_placement", "median_days", 10.0) in found
    rows = list(csv.DictReader(io.StringIO(as_csv("m1", QUARTER, found))))
    assert [(row["measure"], row["group"], row["value"]) for row in rows] == [
        (one.measure, one.group, "" if one.value is None else str(one.value)) for one in found
    ]
    async with acting(world.app, identity("client_manager_2")) as connection:
        others = await insights.coverage(connection, number("m1"), BEGIN)
    assert others == {}


@pytest.mark.parametrize("wrong", ["2026-Q5", "2026", "1999-Q1", "2026-Q1 ", "２０２６-Q1"])
def test_what_is_no_quarter_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="2026-Q4"):
        first_day(wrong)


COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), min_size=1, max_size=4)


@given(COUNTS)
@settings(max_examples=150, deadline=None)
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(counts: dict[str, int]) -> None:
    cells, total = without_small_cells(counts), shown_total(counts)
    assert not any(count is not None and 0 < count < SMALLEST for count in cells.values())
    hidden = [group for group, count in cells.items() if count is None]
    if not hidden or total is None:
        assert total is not None or hidden
        return
    left = total - sum(count for count in cells.values() if count is not None)
    possible = [guess for guess in itertools.product(range(1, left + 1), repeat=len(hidden)) if sum(guess) == left]
    assert all(len({guess[place] for guess in possible}) > 1 for place in range(len(hidden)))


@given(COUNTS)
@settings(max_examples=50, deadline=None)
def test_large_numbers_are_shown_where_there_is_nothing_to_hide(counts: dict[str, int]) -> None:
    large = {group: count + SMALLEST for group, count in counts.items()}
    assert without_small_cells(large) == large
    assert shown_total(large) == sum(large.values())
