"""Styles, scripts and fonts: kept by browsers for a year, since their address changes with them."""

import gzip
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import NotFound
from service.pages.rendering import STATIC, VENDOR

router = APIRouter(include_in_schema=False)
_COMPRESSED = {".css", ".js", ".svg"}


@router.get("/assets/{version}/{path:path}")
async def asset(request: Request, path: str) -> Response:
    """One file.

    Raises:
        NotFound: there is no such file; `assets/build` brings what the pages take from others.
    """
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    media = "font/woff2" if path.endswith(".woff2") else guess_type(path)[0]
    squeezed = Path(path).suffix in _COMPRESSED and "gzip" in request.headers.get("accept-encoding", "")
    if squeezed:
        headers["Content-Encoding"] = "gzip"
    return Response(_content(path, squeezed), headers=headers, media_type=media)


@cache
def _content(path: str, squeezed: bool) -> bytes:
    for folder in (STATIC, VENDOR):
        file = (folder / path).resolve()
        if file.is_relative_to(folder.resolve()) and file.is_file():
            return gzip.compress(file.read_bytes(), 9) if squeezed else file.read_bytes()
    raise NotFound(f"There is no file {path!r}.")
