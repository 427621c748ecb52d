"""All pages together."""

from fastapi import FastAPI

from service.pages import (
    assets,
    employer_own,
    employers,
    errors,
    imports,
    insights,
    keeping,
    matches,
    own,
    people,
    pipeline,
    places,
    proposals,
    receipts,
    signing_in,
    users,
    vacancies,
)

_OF_PLACES = (vacancies, places, pipeline, employers, employer_own)
_OF_ADMINISTRATORS = (users, imports, insights, keeping)


def install(app: FastAPI) -> None:
    """Adds the pages, and makes errors outside the API pages too; after `problems.install`."""
    for part in (assets, signing_in, people, matches, proposals, *_OF_PLACES, own, *_OF_ADMINISTRATORS, receipts):
        app.include_router(part.router)
    errors.install(app)
