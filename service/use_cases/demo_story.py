"""A few weeks of work with the people of the demo set, so that its first pages show what they are for."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from service.db import demo_accounts
from service.db.connect import Connection
from service.db.identity import Role, acting
from service.opening import Passend
from service.render import Json
from service.use_cases import keeping_contact, planning
from service.use_cases.keeping_contact import Contact, ContactKind
from service.use_cases.planning import Plan
from service.use_cases.proposing import Suggestion
from service.use_cases.suggesting import propose


async def tell(passend: Passend, client_manager: str, story: Path) -> None:
    """Does what a story tells in the name of a client manager (e-mail address), once: not where there is a plan already."""
    told = tomllib.loads(story.read_text(encoding="utf-8"))
    who = await demo_accounts.identity(passend.pool, client_manager)
    async with acting(passend.app, who) as connection:
        if await planning.plans_of(connection, told["plan"][0]["seeker"], None, 1):
            return
        for one in told["plan"]:
            await planning.add_plan(connection, one["seeker"], _plan(one), None)
        for one in told["contact"]:
            await keeping_contact.add_moment(connection, one["seeker"], _contact(one), None)
        for one in told["school"]:
            leaves = date.today() + timedelta(weeks=one["weeks_ahead"])
            await keeping_contact.set_school_leaving(connection, one["seeker"], leaves)
        await _propose(connection, told["proposal"])


def _plan(told: Json) -> Plan:
    def step(one: Json) -> Json:
        return {"dueOn": None, "doneOn": None, **one}

    goals = [{"rung": None, **goal, "steps": [step(one) for one in goal["steps"]]} for goal in told["goals"]]
    return Plan(date.today(), None, goals)


def _contact(told: Json) -> Contact:
    return Contact(datetime.now(UTC) - timedelta(weeks=told["weeks_ago"]), ContactKind(told["kind"]), told["note"])


async def _propose(connection: Connection, told: list[Json]) -> None:
    for one in told:
        await propose(connection, Role.CLIENT_MANAGER, Suggestion(one["seeker"], one["opportunity"]), one["note"])
