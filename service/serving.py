"""Serving: says where, once requests are answered."""

import socket

import uvicorn


class Announced(uvicorn.Server):
    """A server that prints its address as soon as it can be opened; the log goes to standard error beside it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen."""
        await super().startup(sockets)
        if self.started:
            print(f"Passend answers on http://{self.config.host}:{self.config.port}", flush=True)
