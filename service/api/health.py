"""Is the process alive, and can it answer?"""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from service.api.problems import PROBLEMS
from service.errors import NotReady

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """State of the process."""

    status: Literal["live", "ready"]


@router.get("/health/live")
async def live() -> Health:
    """Answers as long as the process runs."""
    return Health(status="live")


@router.get("/health/ready", responses=PROBLEMS[503])
async def ready(request: Request) -> Health:
    """Answers 200 when the indexes are filled and the database answers, 503 otherwise."""
    if not request.app.state.ready:
        raise NotReady("The indexes are still being filled. Try again in a moment.")
    await request.app.state.passend.app.fetchval("SELECT 1")
    return Health(status="ready")
