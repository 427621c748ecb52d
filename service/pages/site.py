"""All pages together."""

from fastapi import FastAPI

from service.pages import (
    assets,
    contact,
    entering,
    errors,
    history,
    matches,
    occupations,
    own,
    people,
    places,
    plans,
    proposals,
    receipts,
    sentences,
    signing_in,
)

_PARTS = (
    assets,
    signing_in,
    entering,
    people,
    sentences,
    plans,
    contact,
    history,
    occupations,
    matches,
    proposals,
    places,
    own,
    receipts,
)


def install(app: FastAPI) -> None:
    """Adds the pages, and makes errors outside the API pages too; after `problems.install`."""
    for part in _PARTS:
        app.include_router(part.router)
    errors.install(app)
