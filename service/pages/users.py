"""The users of one's own organisation: added, given roles, blocked and let in again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.api.organisations import NewUser, UserChange
from service.errors import BadInput, Conflict
from service.pages.rendering import go_to, page
from service.pages.visiting import Administrators, Visit
from service.passwords import SHORTEST
from service.use_cases import administering

router = APIRouter(include_in_schema=False)
NOTHING_TYPED: Mapping[str, Any] = {"name": "", "email": "", "roles": []}


@router.get("/users")
async def everyone(visit: Administrators, done: str = "") -> Response:
    """All users, and the form for a new one."""
    return await _list(visit, done=done)


@router.post("/users")
async def add(visit: Administrators) -> Response:
    """Adds a user; one without a password signs in through the identity provider."""
    typed = _typed(visit)
    try:
        new = NewUser.model_validate(typed | {"password": visit.typed("password") or None})
        async with visit.attempt():
            await administering.add_user(
                visit.connection, visit.identity.organisation_id, new.name, new.email, new.password, new.roles
            )
    except (ValidationError, BadInput, Conflict) as error:
        return await _list(visit, typed, _problem(error), status=_status(error))
    return go_to("/users?done=added")


@router.get("/users/{user}")
async def one(visit: Administrators, user: UUID, done: str = "") -> Response:
    """One user."""
    return await _form(visit, user, done=done)


@router.post("/users/{user}")
async def change(visit: Administrators, user: UUID) -> Response:
    """Keeps what was changed, or blocks somebody, or lets them in again."""
    try:
        changed = UserChange.model_validate(_change(visit))
        async with visit.attempt():
            await administering.change_user(visit.connection, user, **changed.model_dump(exclude_unset=True))
    except (ValidationError, BadInput, Conflict) as error:
        return await _form(visit, user, _typed(visit), _problem(error), status=_status(error))
    return go_to(f"/users/{user}?done={'active' if 'active' in visit.form else 'saved'}")


def _change(visit: Visit) -> dict[str, Any]:
    if "active" in visit.form:
        return {"active": visit.typed("active") == "yes"}
    password = visit.typed("password")
    return _typed(visit) | ({"password": password} if password else {})


def _typed(visit: Visit) -> dict[str, Any]:
    return {"name": visit.typed("name"), "email": visit.typed("email"), "roles": visit.typed_list("roles")}


def _problem(error: Exception) -> str:
    """Name of the message: the first field that is wrong, or what it does not go with."""
    return str(error.errors()[0]["loc"][0]) if isinstance(error, ValidationError) else type(error).__name__.lower()


def _status(error: Exception) -> int:
    return error.status if isinstance(error, BadInput | Conflict) else 400


async def _list(
    visit: Visit, typed: Mapping[str, Any] = NOTHING_TYPED, problem: str = "", done: str = "", status: int = 200
) -> Response:
    team = await administering.team(visit.connection, visit.identity)
    return page(visit, "users.html", status, team=team, typed=typed, problem=problem, done=done, shortest=SHORTEST)


async def _form(
    visit: Visit, number: UUID, typed: Mapping[str, Any] | None = None, problem: str = "", done: str = "", status: int = 200
) -> Response:
    user = await administering.user(visit.connection, number)
    team = await administering.team(visit.connection, visit.identity)
    shown = {"user": user, "team": team, "typed": typed or user, "problem": problem, "done": done, "shortest": SHORTEST}
    return page(visit, "user.html", status, **shown)
