"""The web application: opens the installation, serves the API, closes tidily."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from service import ENGINE_VERSION
from service.api import health, matches, oidc, organisations, problems, proposals, receipts, residents, rights, sessions
from service.opening import opened
from service.settings import Settings

API_VERSION = "1.0.0"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; the database is opened when the server starts, and the indexes are filled before it is ready."""
    chosen = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(chosen) as passend:
            app.state.passend = passend
            await passend.search.places.open()
            await passend.search.people.open()
            app.state.ready = True
            yield
            app.state.ready = False

    app = FastAPI(
        title="Passend",
        version=API_VERSION,
        description="Places that fit a person, people who fit a place, and why. Engine " + ENGINE_VERSION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.ready = False
    app.state.settings = chosen
    app.include_router(health.router)
    for part in (sessions, oidc, organisations, residents, matches, proposals, receipts, rights):
        app.include_router(part.router, prefix="/v1")
    problems.install(app)
    problems.describe(app)
    problems.install_headers(app, API_VERSION)
    return app
