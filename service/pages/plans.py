"""The plan of a person: goals, and steps towards them, in a form that grows by a line each time it is sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.api.plans import PlanContent
from service.errors import ChangedMeanwhile, Conflict, UnfitText
from service.pages.rendering import go_to, page
from service.pages.visiting import Code, Staff, Visit
from service.use_cases import people, planning

router = APIRouter(include_in_schema=False)
MOST_PLANS, MOST_GOALS = 100, 20

Goal = dict[str, Any]


async def current_plan(visit: Visit, code: str) -> planning.Row | None:
    """The plan that is under way, or None."""
    known = await planning.plans_of(visit.connection, code, None, MOST_PLANS)
    return next((one for one in reversed(known) if one["ends_on"] is None or one["ends_on"] >= date.today()), None)


@router.get("/people/{code}/plan")
async def form(visit: Staff, code: Code) -> Response:
    """The plan as it is, to change; an empty one where there is none."""
    plan = await current_plan(visit, code)
    empty = {"id": "", "version": 0, "starts_on": date.today(), "ends_on": None, "goals": []}
    return await _form(visit, code, plan or empty)


@router.post("/people/{code}/plan")
async def keep(visit: Staff, code: Code) -> Response:
    """A line more, or the plan kept."""
    goals = _goals(visit)
    typed = {name: visit.typed(name) for name in ("id", "starts_on", "ends_on")} | {
        "version": visit.whole("version"),
        "goals": goals,
    }
    if "save" not in visit.form:
        return await _form(visit, code, typed)
    try:
        async with visit.attempt():
            await _keep(visit, code, typed)
    except UnfitText as error:
        return await _form(visit, code, typed, error.status, concern=str(error))
    except (ValidationError, Conflict, ChangedMeanwhile) as error:
        status = 400 if isinstance(error, ValidationError) else error.status
        return await _form(visit, code, typed, status, problem=f"plan.problem.{status}")
    return go_to(f"/people/{code}?saved=yes")


async def _keep(visit: Visit, code: str, typed: Mapping[str, Any]) -> None:
    content = PlanContent.model_validate(
        {"startsOn": typed["starts_on"], "endsOn": typed["ends_on"] or None, "goals": typed["goals"]}
    ).parsed()
    if typed["id"]:
        await planning.change_plan(visit.connection, UUID(typed["id"]), typed["version"], content)
    else:
        await planning.add_plan(visit.connection, code, content, None)


async def _form(
    visit: Visit, code: str, plan: Mapping[str, Any], status: int = 200, problem: str = "", concern: str = ""
) -> Response:
    person = await people.person(visit.connection, code)
    return page(visit, "plan_form.html", status, person=person, plan=plan, problem=problem, concern=concern)


def _goals(visit: Visit) -> list[Goal]:
    found = (_goal(visit, number) for number in range(MOST_GOALS))
    return [goal for goal in found if goal["text"] or goal["steps"]]


def _goal(visit: Visit, number: int) -> Goal:
    fields = ("step", "status", "due")
    rows = zip(*([str(one).strip() for one in visit.form.getlist(f"{field}-{number}")] for field in fields), strict=False)
    steps = [{"text": text, "status": status, "dueOn": due or None} for text, status, due in rows if text]
    return {"text": visit.typed(f"goal-{number}"), "rung": visit.typed(f"rung-{number}") or None, "steps": steps}
