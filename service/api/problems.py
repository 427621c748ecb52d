"""Errors as RFC 9457 problem details, rendered in one place."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from service.errors import PassendError

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


_API_VERSION = {"description": "The version of the API, in full.", "schema": {"type": "string"}, "required": True}

PROBLEMS: dict[int, dict[int | str, dict[str, Any]]] = {
    status: {status: {"model": Problem, "description": HTTPStatus(status).phrase}}
    for status in (400, 401, 403, 404, 409, 412, 428, 429, 502, 503)
}


TRY_AGAIN: tuple[type[Exception], ...] = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.TransactionRollbackError,
)
"""The database is gone, starting, full, or two changes waited for each other: it may work soon."""


def try_again() -> Response:
    """The answer to each of `TRY_AGAIN`."""
    return problem(503, "The database could not do this now. Try again in a moment.", headers={"Retry-After": "1"})


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""

    async def known(_: Request, error: Exception) -> Response:
        assert isinstance(error, PassendError)
        errors = [{"pointer": pointer, "message": message} for pointer, message in error.faults]
        return problem(error.status, str(error), errors, error.headers)

    async def http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(error.status_code, str(error.detail))

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [{**_where(one["loc"]), "message": one["msg"]} for one in error.errors()]
        return problem(400, "The request is not as the API describes it.", errors)

    async def not_allowed(_: Request, __: Exception) -> Response:
        return problem(403, "Your role does not allow this.")

    async def already_there(_: Request, __: Exception) -> Response:
        return problem(409, "There is one like this already.")

    async def database(_: Request, __: Exception) -> Response:
        return try_again()

    app.add_exception_handler(PassendError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(asyncpg.InsufficientPrivilegeError, not_allowed)
    app.add_exception_handler(asyncpg.UniqueViolationError, already_there)
    for kind in TRY_AGAIN:
        app.add_exception_handler(kind, database)


def _where(loc: Sequence[str | int]) -> dict[str, str]:
    """The field that is wrong; in a body also as a JSON pointer (RFC 6901)."""
    said = {"field": ".".join(map(str, loc))}
    if loc and loc[0] == "body":
        said["pointer"] = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in loc[1:])
    return said


def describe(app: FastAPI) -> None:
    """Makes the OpenAPI document say what the API does: problems as problem+json, 400 and never 422, `API-Version`."""
    document = app.openapi()
    for operation in (one for item in document["paths"].values() for one in item.values()):
        operation["responses"].pop("422", None)
        for status, answer in operation["responses"].items():
            answer.setdefault("headers", {})["API-Version"] = _API_VERSION
            if int(status) >= 400:
                answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def problem(
    status: int, detail: str, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """One problem document."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)
