"""Numbers for Prometheus."""

import secrets

from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from service.errors import NotReady, NotSignedIn

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The numbers of this process; asks for the token when the installation has set one."""
    wanted = request.app.state.settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if wanted and not secrets.compare_digest(given.encode(), wanted.encode()):
        raise NotSignedIn("Send the token of PASSEND_METRICS_TOKEN as bearer token.")
    if not request.app.state.ready:
        raise NotReady("The indexes are still being filled. Try again in a moment.")
    return Response(await request.app.state.metrics.exposition(request.app.state.passend), media_type=CONTENT_TYPE_LATEST)
