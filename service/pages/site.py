"""All pages together."""

from fastapi import FastAPI

from service.pages import assets, errors, matches, own, people, places, proposals, receipts, signing_in


def install(app: FastAPI) -> None:
    """Adds the pages, and makes errors outside the API pages too; after `problems.install`."""
    for part in (assets, signing_in, people, matches, proposals, places, own, receipts):
        app.include_router(part.router)
    errors.install(app)
