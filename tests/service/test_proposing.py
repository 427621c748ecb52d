"""Proposals: the table of steps, names, positions and history, on the application's own connection."""

import asyncio

import asyncpg
import pytest

from service.db.connect import Pools
from service.db.identity import Identity, Role, acting
from service.db.proposals import set_undo_window
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed, NotFound
from service.geography import Gazetteer
from service.proposals import (
    ACTIONS,
    AFTER_AGREEMENT,
    AT_WORK,
    FINAL,
    LASTING,
    REASONS,
    STATES,
    STEPS,
    UNDER_WAY,
    WITH_EMPLOYER,
    State,
)
from service.use_cases import proposing
from service.use_cases.proposing import Suggestion, Wish
from tests.service.people_of_a_region import Region, by, resident_of, settle


@pytest.fixture
def pools(pools_of_roles: Pools) -> Pools:
    return pools_of_roles


@pytest.fixture
async def region(pools: Pools, gazetteer: Gazetteer) -> Region:
    return await settle(pools.owner, gazetteer)


async def step(pools: Pools, who: Identity, proposal: dict, to: str, reason: str | None = None, note: str = "") -> dict:
    return await by(
        pools.app, who, proposing.take_step, who.role, proposal["id"], proposal["version"], Wish(State(to), reason, note)
    )


async def suggested(pools: Pools, region: Region, seeker: str = "s01", opportunity: str = "o002") -> dict:
    return await by(
        pools.app, region.client_manager, proposing.suggest, region.client_manager.role, Suggestion(seeker, opportunity)
    )


async def introduced(pools: Pools, region: Region) -> dict:
    proposal = await suggested(pools, region)
    proposal = await step(pools, region.client_manager, proposal, "proposed")
    proposal = await step(pools, region.resident, proposal, "agreed")
    return await step(pools, region.client_manager, proposal, "introduced")


async def name_seen(pools: Pools, employer: Identity, proposal: dict) -> str | None:
    return (await by(pools.app, employer, proposing.show_introduced, proposal["id"]))["name"]


async def test_the_database_holds_the_same_table_of_states_steps_and_reasons(connections: asyncpg.Pool) -> None:
    rules = await connections.fetch("SELECT from_state, to_state, role, reason_of FROM proposal_transition")
    assert {tuple(row) for row in rules} == {(one.source, one.target, one.role, one.reason) for one in STEPS.values()}
    states = await connections.fetch("SELECT * FROM proposal_state")
    assert {tuple(row) for row in states} == {
        (one, one in AFTER_AGREEMENT, one in WITH_EMPLOYER, one in AT_WORK, one in FINAL, LASTING.get(one)) for one in State
    }
    reasons = await connections.fetch("SELECT party, reason FROM proposal_reason")
    assert {tuple(row) for row in reasons} == {(party, reason) for party, known in REASONS.items() for reason in known}


async def test_every_table_is_behind_policies(connections: asyncpg.Pool) -> None:
    open_tables = await connections.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity"
    )
    assert {row["relname"] for row in open_tables} == {"migration"}


def test_every_state_can_be_reached_and_left_and_no_step_is_without_a_person() -> None:
    reached = {State.SUGGESTED} | {one.target for one in STEPS.values()}
    assert reached == set(State) == set(STATES)
    assert {one.source for one in STEPS.values()} == set(UNDER_WAY)
    assert {one.role for one in STEPS.values()} <= set(Role)
    assert {one.target for one in STEPS.values()} == set(ACTIONS)
    for one in STEPS.values():
        assert (one.reason is not None) == (one.target in FINAL)
    for state in UNDER_WAY:
        assert {role for source, target, role in STEPS if (source, target) == (state, State.WITHDRAWN)} >= {"resident"}


async def test_every_pair_of_states_and_role_is_allowed_or_refused_as_the_table_says(connections: asyncpg.Pool) -> None:
    allowed = await connections.fetch(
        """SELECT before.state AS source, after.state AS target, role.name,
                  EXISTS (SELECT FROM proposal_transition AS rule
                      WHERE (from_state, to_state, rule.role) = (before.state, after.state, role.name)) AS may
           FROM proposal_state AS before, proposal_state AS after, unnest($1::text[]) AS role (name)""",
        list(Role),
    )
    assert len(allowed) == len(State) ** 2 * len(Role)
    for row in allowed:
        assert row["may"] == ((State(row["source"]), State(row["target"]), row["name"]) in STEPS)


async def test_from_suggestion_to_work_with_each_name_in_the_history(pools: Pools, region: Region) -> None:
    proposal = await introduced(pools, region)
    proposal = await step(pools, region.employer, proposal, "met")
    proposal = await step(pools, region.account_manager, proposal, "started")
    assert (proposal["state"], proposal["proposed_by"]) == ("started", "Kim")
    history = await by(pools.app, region.resident, proposing.show_steps, proposal["id"])
    assert [(one["to_state"], one["by_name"]) for one in history] == [
        ("proposed", "Kim"),
        ("agreed", "Inwoner s01"),
        ("introduced", "Kim"),
        ("met", "Wil"),
        ("started", "Alex"),
    ]
    seen_by_employer = await by(pools.app, region.employer, proposing.show_steps, proposal["id"])
    assert [one["by_name"] for one in seen_by_employer] == ["Wil"]
    with pytest.raises(Conflict, match="lasted"):
        await step(pools, region.client_manager, proposal, "lasting_1")


async def test_steps_of_another_role_out_of_order_or_without_reason_are_refused(pools: Pools, region: Region) -> None:
    proposal = await suggested(pools, region)
    with pytest.raises(Conflict, match="no step"):
        await step(pools, region.account_manager, proposal, "proposed")
    with pytest.raises(Conflict, match="no step"):
        await step(pools, region.client_manager, proposal, "started")
    proposal = await step(pools, region.client_manager, proposal, "proposed")
    with pytest.raises(BadInput, match="reason of the resident") as missing:
        await step(pools, region.resident, proposal, "declined")
    assert missing.value.faults[0][0] == "/reason"
    with pytest.raises(BadInput, match="note"):
        await step(pools, region.resident, proposal, "declined", "other")
    with pytest.raises(BadInput, match="no reason"):
        await step(pools, region.resident, proposal, "agreed", "hours")
    declined = await step(pools, region.resident, proposal, "declined", "other", "Ik begin volgende maand bij mijn zus.")
    assert (declined["state"], declined["next_steps"]) == ("declined", [])


async def test_two_steps_from_one_version_collide(pools: Pools, region: Region) -> None:
    proposal = await suggested(pools, region)
    await step(pools, region.client_manager, proposal, "proposed")
    with pytest.raises(ChangedMeanwhile):
        await step(pools, region.colleague, proposal, "withdrawn", "mistake")


async def test_the_employer_learns_the_name_by_agreement_and_loses_it_at_once(pools: Pools, region: Region) -> None:
    proposal = await suggested(pools, region)
    for _ in range(2):
        with pytest.raises(NotFound):
            await by(pools.app, region.employer, proposing.show_proposal, region.employer.role, proposal["id"])
        with pytest.raises(NotFound):
            await name_seen(pools, region.employer, proposal)
        role = region.client_manager if proposal["state"] == "suggested" else region.resident
        proposal = await step(pools, role, proposal, "proposed" if role is region.client_manager else "agreed")
    proposal = await step(pools, region.client_manager, proposal, "introduced")
    seen = await by(pools.app, region.employer, proposing.show_introduced, proposal["id"])
    assert (seen["name"], seen["code"], seen["reach"]) == ("Noor Voorbeeld", "s01", "up_to_25_km")
    assert seen.keys() == {"code", "abilities", "hours_min", "hours_max", "reach", "licences", "name", "contact", "language"}
    with pytest.raises(NotFound):
        await name_seen(pools, region.other_employer, proposal)

    await by(pools.app, region.resident, proposing.revoke_agreement, region.resident.role, proposal["id"])
    assert await name_seen(pools, region.employer, proposal) is None
    async with acting(pools.app, region.employer) as connection:
        for table in ("seeker", "statement", "seeker_identity", "receipt"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0

    await by(pools.app, region.resident, proposing.agree_again, region.resident.role, proposal["id"])
    assert await name_seen(pools, region.employer, proposal) == "Noor Voorbeeld"
    proposal = await by(pools.app, region.resident, proposing.show_proposal, region.resident.role, proposal["id"])
    await step(pools, region.resident, proposal, "withdrawn", "later")
    with pytest.raises(NotFound):
        await name_seen(pools, region.employer, proposal)


async def test_hiding_a_name_and_showing_it_again_stand_in_the_history(pools: Pools, region: Region) -> None:
    proposal = await introduced(pools, region)

    async def changes() -> list[tuple[bool, str | None]]:
        found = await by(pools.app, region.client_manager, proposing.show_name_changes, proposal["id"])
        assert [one["at"] for one in found] == sorted(one["at"] for one in found)
        return [(one["shown"], one["by_name"]) for one in found]

    assert await changes() == []
    await by(pools.app, region.resident, proposing.revoke_agreement, region.resident.role, proposal["id"])
    await by(pools.app, region.resident, proposing.agree_again, region.resident.role, proposal["id"])
    await by(pools.app, region.client_manager, proposing.revoke_agreement, region.client_manager.role, proposal["id"])
    assert await changes() == [(False, None), (True, None), (False, "Kim")]
    await by(pools.app, region.resident, proposing.agree_again, region.resident.role, proposal["id"])
    proposal = await by(pools.app, region.resident, proposing.show_proposal, region.resident.role, proposal["id"])
    await step(pools, region.resident, proposal, "withdrawn", "later")
    assert await changes() == [(False, None), (True, None), (False, "Kim"), (True, None)]


async def test_nobody_but_the_person_agrees_and_strangers_see_nothing(pools: Pools, region: Region) -> None:
    proposal = await introduced(pools, region)
    with pytest.raises(NotFound):
        await by(pools.app, region.stranger, proposing.show_proposal, region.stranger.role, proposal["id"])
    with pytest.raises(BadInput, match="no person"):
        await by(pools.app, region.stranger, proposing.suggest, region.stranger.role, Suggestion("s01", "o002"))
    await by(pools.app, region.resident, proposing.revoke_agreement, region.resident.role, proposal["id"])
    for who in (region.client_manager, region.employer):
        with pytest.raises(NotAllowed):
            await by(pools.app, who, proposing.agree_again, who.role, proposal["id"])


async def test_raw_sql_of_the_application_cannot_skip_the_steps(pools: Pools, region: Region) -> None:
    proposal = await introduced(pools, region)
    for statement in (
        "UPDATE proposal SET state = 'started'",
        "DELETE FROM proposal",
        "UPDATE proposal_step SET note = 'anders'",
        "DELETE FROM proposal_step",
        "DELETE FROM agreement",
        "UPDATE agreement SET employer_id = NULL",
    ):
        for who in (region.client_manager, region.employer, region.resident):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with acting(pools.app, who) as connection:
                    await connection.execute(statement)
    async with acting(pools.app, region.account_manager) as connection:
        await connection.execute("UPDATE opportunity SET taken = 9 WHERE id = 'o002'")
        assert await connection.fetchval("SELECT taken FROM opportunity WHERE id = 'o002'") == 0
    assert (await by(pools.app, region.auditor, proposing.show_proposal, region.auditor.role, proposal["id"]))[
        "state"
    ] == "introduced"


async def test_two_people_cannot_take_the_last_position_at_the_same_moment(pools: Pools, region: Region) -> None:
    await pools.owner.execute("UPDATE opportunity SET positions = 1 WHERE id = 'o002'")
    ready = [await introduced(pools, region)]
    other = await suggested(pools, region, "s02")
    other = await step(pools, region.client_manager, other, "proposed")
    other = await step(pools, await resident_of(pools.owner, "s02"), other, "agreed")
    ready.append(await step(pools, region.client_manager, other, "introduced"))
    ready = [await step(pools, region.employer, one, "met") for one in ready]
    who = (region.client_manager, region.account_manager)
    done = await asyncio.gather(
        *(step(pools, one, proposal, "started") for one, proposal in zip(who, ready, strict=True)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "dict"]
    assert await pools.owner.fetchval("SELECT taken FROM opportunity WHERE id = 'o002'") == 1
    won = next(one for one in done if isinstance(one, dict))
    await step(pools, region.client_manager, won, "ended", "period_over")
    assert await pools.owner.fetchval("SELECT taken FROM opportunity WHERE id = 'o002'") == 0


async def test_a_mistake_is_undone_by_who_made_it_while_there_is_time(pools: Pools, region: Region) -> None:
    proposal = await introduced(pools, region)
    last = proposal["version"] - 1
    with pytest.raises(NotAllowed):
        await by(
            pools.app, region.colleague, proposing.undo_step, region.colleague.role, proposal["id"], proposal["version"], last
        )
    with pytest.raises(Conflict, match="last step"):
        await by(
            pools.app,
            region.client_manager,
            proposing.undo_step,
            region.client_manager.role,
            proposal["id"],
            proposal["version"],
            last - 1,
        )
    undone = await by(
        pools.app,
        region.client_manager,
        proposing.undo_step,
        region.client_manager.role,
        proposal["id"],
        proposal["version"],
        last,
    )
    assert (undone["state"], undone["agreed"]) == ("agreed", True)
    with pytest.raises(NotFound):
        await by(pools.app, region.employer, proposing.show_proposal, region.employer.role, proposal["id"])
    again = await step(pools, region.client_manager, undone, "introduced")
    gone = await step(pools, region.resident, again, "withdrawn", "later")
    assert not gone["agreed"]
    back = await by(
        pools.app, region.resident, proposing.undo_step, region.resident.role, gone["id"], gone["version"], gone["version"] - 1
    )
    assert (back["state"], back["agreed"]) == ("introduced", True)
    await set_undo_window(pools.owner, 0)
    met = await step(pools, region.employer, back, "met")
    with pytest.raises(Conflict, match="too late"):
        await by(
            pools.app, region.employer, proposing.undo_step, region.employer.role, met["id"], met["version"], met["version"] - 1
        )
    assert len(await by(pools.app, region.auditor, proposing.show_steps, met["id"])) == 8


async def test_lasting_counts_from_the_start_and_an_undone_start_gives_the_position_back(pools: Pools, region: Region) -> None:
    proposal = await step(pools, region.employer, await introduced(pools, region), "met")
    today = await pools.owner.fetchval("SELECT current_date")
    begun = Wish(State.STARTED, on=today.replace(year=today.year - 1, day=1))
    started = await by(
        pools.app,
        region.client_manager,
        proposing.take_step,
        region.client_manager.role,
        proposal["id"],
        proposal["version"],
        begun,
    )
    assert (await step(pools, region.client_manager, started, "lasting_6"))["state"] == "lasting_6"
    other = await suggested(pools, region, opportunity="o001")
    assert other["started_on"] is None
    with pytest.raises(Conflict, match="under way"):
        await suggested(pools, region, opportunity="o001")


async def test_an_idempotency_key_creates_once_also_when_both_requests_come_together(pools: Pools, region: Region) -> None:
    asked = [
        by(
            pools.app,
            region.client_manager,
            proposing.suggest,
            region.client_manager.role,
            Suggestion("s01", "o002"),
            "sleutel-1",
        ),
        by(
            pools.app,
            region.client_manager,
            proposing.suggest,
            region.client_manager.role,
            Suggestion("s01", "o002"),
            "sleutel-1",
        ),
    ]
    first, second = await asyncio.gather(*asked)
    assert first == second
    with pytest.raises(Conflict, match="Idempotency-Key"):
        await by(
            pools.app,
            region.client_manager,
            proposing.suggest,
            region.client_manager.role,
            Suggestion("s02", "o002"),
            "sleutel-1",
        )
