"""Errors as pages; below /v1 they stay problem documents."""

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import FormData
from starlette.types import Scope

from service.pages.rendering import address, go_to, is_part, open_page
from service.pages.visiting import CSRF

NOT_PAGES = ("/v1", "/health", "/metrics", "/assets", "/widget")
_OWN_WORDS = {400, 401, 403, 404, 409, 412, 429, 503}


def install(app: FastAPI) -> None:
    """Answers every error outside the API with a page; after `problems.install`."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _page_or(handler))


def sorry(scope: Scope) -> Response | None:
    """What is shown outside the API when something went wrong that nobody expected."""
    return None if scope["path"].startswith(NOT_PAGES) else _page(Request(scope), 500)


def _page_or(handler: Callable[[Request, Any], Any]) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        answered = handler(request, error)
        problem: Response = await answered if inspect.isawaitable(answered) else answered
        if request.url.path.startswith(NOT_PAGES):
            return problem
        return _page(request, problem.status_code)

    return answer


def _page(request: Request, status: int) -> Response:
    if status == 401:
        return _sign_in_first(request)
    name = _name(request, status)
    if not is_part(request):
        return open_page(request, "error.html", status, name=name)
    part = open_page(request, "_error.html", status, name=name)
    part.headers.update({"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"})
    return part


def _name(request: Request, status: int) -> str:
    if status == 403 and request.method == "POST":
        return "error.sent_403"
    return f"error.{status if status in _OWN_WORDS else 'other'}"


def _sign_in_first(request: Request) -> Response:
    if request.method != "GET" or is_part(request):
        return sign_in_page(request, 401, over=True)
    onward = address(request)
    return go_to("/sign-in" if onward == "/" else f"/sign-in?{urlencode({'onward': onward})}")


def sign_in_page(request: Request, status: int = 200, **shown: Any) -> Response:
    """The form to sign in; what was typed in a form that was sent too late goes along."""
    form: FormData = getattr(request.state, "form", FormData())
    kept = [(name, value) for name, value in form.multi_items() if name != CSRF and isinstance(value, str)]
    response = open_page(
        request,
        "sign_in.html",
        status,
        **{
            "onward": address(request) if request.method == "GET" else request.url.path,
            "kept": kept,
            "problem": "",
            "email": "",
            "over": False,
            "elsewhere": bool(request.app.state.settings.oidc_issuer),
        }
        | shown,
    )
    if is_part(request):
        response.headers["HX-Retarget"] = "body"
    return response
