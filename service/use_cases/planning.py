"""Plans: one under way per person, with goals and steps; every version is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from service.db import plans, processing_log
from service.db.connect import Connection
from service.db.idempotency import once
from service.db.paging import Mark
from service.db.processing_log import Activity
from service.entry_check import must_fit
from service.errors import ChangedMeanwhile, Conflict, NotFound
from service.sensitive_words import Side
from service.use_cases import accounting

Row = dict[str, Any]

_SECOND = "This person has a plan under way already. Give that one an end first, or change it."


@dataclass(frozen=True)
class Plan:
    """What a plan says; `goals` as data for JSON, each with its steps; without an end it is under way."""

    starts_on: date
    ends_on: date | None
    goals: list[Row]

    def texts(self) -> dict[str, str]:
        """Each text by the path of its field."""
        found = {}
        for number, goal in enumerate(self.goals):
            found[f"goals.{number}.text"] = goal["text"]
            found |= {f"goals.{number}.steps.{place}.text": step["text"] for place, step in enumerate(goal["steps"])}
        return found


async def plans_of(connection: Connection, seeker_id: str, after: Mark | None, limit: int) -> list[Row]:
    """Plans of a person, oldest first.

    Raises:
        NotFound: there is no such person for the one who asks.
    """
    await accounting.use(connection, seeker_id, Activity.PLANS, "read plans")
    return await plans.page(connection, seeker_id, after, limit)


async def plan(connection: Connection, plan_id: UUID) -> Row:
    """One plan.

    Raises:
        NotFound: there is no such plan for the one who asks.
    """
    found = await plans.one(connection, plan_id)
    if found is None:
        raise NotFound("There is no such plan.")
    await processing_log.record(connection, Activity.PLANS, "read plan", [found["seeker_id"]])
    return found


async def history(connection: Connection, plan_id: UUID) -> list[Row]:
    """Every version of a plan, oldest first.

    Raises:
        NotFound: there is no such plan for the one who asks.
    """
    await plan(connection, plan_id)
    return await plans.versions(connection, plan_id)


async def add_plan(connection: Connection, seeker_id: str, content: Plan, key: str | None) -> Row:
    """Gives a person a plan.

    Args:
        key: asked again with the same key, the plan that was made the first time comes back.

    Raises:
        NotFound: there is no such person for the one who asks.
        UnfitText: a goal or step holds what is not kept here.
        Conflict: the person has a plan under way, or the key was used for something else.
    """
    must_fit(content.texts(), Side.ABOUT)
    await accounting.use(connection, seeker_id, Activity.PLANS, "add plan")
    number = uuid4()

    async def make() -> None:
        await plans.add(connection, number, seeker_id, content.starts_on, content.ends_on, content.goals)

    try:
        return await plan(connection, await once(connection, key, (seeker_id, content), number, make))
    except asyncpg.UniqueViolationError as second:
        raise Conflict(_SECOND) from second


async def change_plan(connection: Connection, plan_id: UUID, version: int, content: Plan) -> Row:
    """Puts new content in a plan.

    Raises:
        NotFound: there is no such plan for the one who asks.
        ChangedMeanwhile: it is not this version any more.
        UnfitText: a goal or step holds what is not kept here.
        Conflict: the person has another plan under way.
    """
    must_fit(content.texts(), Side.ABOUT)
    known = await plan(connection, plan_id)
    try:
        changed = await plans.change(connection, plan_id, version, content.starts_on, content.ends_on, content.goals)
    except asyncpg.UniqueViolationError as second:
        raise Conflict(_SECOND) from second
    if changed is None:
        raise ChangedMeanwhile("This plan was changed in the meantime. Read it again.")
    await processing_log.record(connection, Activity.PLANS, "change plan", [known["seeker_id"]])
    return changed
