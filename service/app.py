"""The web application: opens the installation, serves the API, closes tidily."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from pydantic.alias_generators import to_camel

from service import ENGINE_VERSION
from service.api import (
    contact,
    employers,
    health,
    imports,
    insights,
    matches,
    numbers,
    oidc,
    opportunities,
    organisations,
    plans,
    problems,
    processing,
    proposals,
    receipts,
    residents,
    rights,
    seekers,
    sessions,
    sites,
    widget,
)
from service.api.cross_origin import CrossOrigin
from service.api.observing import Observed
from service.metrics import Metrics
from service.opening import opened
from service.pages import errors, site
from service.search.listening import kept_fresh
from service.settings import Settings
from service.tracing import spans_to
from service.use_cases.import_queue import ImportQueue

API_VERSION = "1.0.0"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; the database is opened when the server starts, and the indexes are filled before it is ready."""
    chosen = settings or Settings()
    metrics, spans, queue = Metrics(), spans_to(chosen.traces_endpoint), ImportQueue()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(chosen) as passend:
            app.state.passend = passend
            await asyncio.to_thread(lambda: passend.skill_groups)  # so that nobody waits for the model
            await passend.search.places.open()
            await passend.search.people.open()
            async with kept_fresh(passend.engine, passend.search), queue.running(passend):
                app.state.ready = True
                yield
                app.state.ready = False
        spans.close()

    app = FastAPI(
        title="Passend",
        version=API_VERSION,
        description="Places that fit a person, people who fit a place, and why. Engine " + ENGINE_VERSION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        contact={"name": "Passend", "url": "https://example.org/passend"},
        generate_unique_id_function=lambda route: to_camel(route.name),
    )
    app.state.ready = False
    app.state.settings = chosen
    app.state.imports = queue
    app.state.metrics = metrics
    app.add_middleware(CrossOrigin)
    app.add_middleware(Observed, version=API_VERSION, metrics=metrics, spans=spans, sorry=errors.sorry)
    app.include_router(health.router)
    app.include_router(numbers.router)
    app.include_router(widget.files)
    people_and_places = (seekers, opportunities, matches, imports, proposals, receipts, rights, plans, contact)
    to_look_after = (insights, processing, sites, widget)
    for part in (sessions, oidc, organisations, employers, residents, *people_and_places, *to_look_after):
        app.include_router(part.router, prefix="/v1")
    problems.install(app)
    site.install(app)
    problems.describe(app)
    return app
