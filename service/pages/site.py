"""All pages together."""

from fastapi import FastAPI

from service.pages import (
    assets,
    contact,
    employer_own,
    employers,
    entering,
    errors,
    history,
    imports,
    insights,
    keeping,
    matches,
    occupations,
    own,
    people,
    pipeline,
    places,
    plans,
    proposals,
    receipts,
    sentences,
    signing_in,
    sites,
    users,
    vacancies,
)

_OF_PEOPLE = (people, sentences, plans, contact, history, occupations, matches, proposals)
_OF_PLACES = (vacancies, places, pipeline, employers, employer_own)
_OF_ADMINISTRATORS = (users, sites, imports, insights, keeping, receipts)
_PARTS = (assets, signing_in, entering, *_OF_PEOPLE, *_OF_PLACES, own, *_OF_ADMINISTRATORS)


def install(app: FastAPI) -> None:
    """Adds the pages, and makes errors outside the API pages too; after `problems.install`."""
    for part in _PARTS:
        app.include_router(part.router)
    errors.install(app)
