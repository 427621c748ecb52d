"""Origins of web pages, as browsers send them: scheme, host, and a port where it is not the usual one."""

import re

from service.errors import BadInput

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?)(:(?P<port>[1-9]\d{0,4}))?")
_THIS_MACHINE = {"localhost", "127.0.0.1"}
_USUAL_PORT = {"https": "443", "http": "80"}


def checked_origin(given: str) -> str:
    """The origin, if it is written as browsers write it.

    Raises:
        BadInput: it is not, or comes over plain HTTP from another machine.
    """
    parts = _ORIGIN.fullmatch(given)
    if parts is None or parts["port"] == _USUAL_PORT[parts["scheme"]]:
        raise BadInput(
            f"{given!r} is not an origin. Write scheme and host in small letters, without a path: https://www.bakkerij.example",
            "/origins",
        )
    if parts["scheme"] == "http" and parts["host"] not in _THIS_MACHINE:
        raise BadInput(f"{given!r} comes over plain HTTP, where anyone can change the page. Use https.", "/origins")
    return given
