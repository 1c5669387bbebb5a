"""The replica as one object: start, inspect, change and stop it."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from random import Random
from threading import Event, Thread
from typing import Self

from replica.faults import Fault
from replica.messages import Answer, Logged, Request
from replica.options import Options
from replica.server import Connection
from replica.site import API_PATH, Site
from replica.world import World


class Replica:
    """A stand-in for uza.uz and api.uza.uz on 127.0.0.1, served from a thread.

    ``world`` holds the posts, ``options`` the switches, ``faults`` the rules of misbehaviour and
    ``requests`` the log; all may be read and changed while it runs.
    """

    _failure: OSError | None = None

    def __init__(
        self,
        world: World | None = None,
        *,
        seed: int = 1,
        posts: int = 200,
        now: datetime | None = None,
        port: int = 0,
        options: Options | None = None,
        faults: Iterable[Fault] = (),
    ) -> None:
        self.world = world or World(seed, posts, now)
        self.options = options or Options()
        self.faults = list(faults)
        self.requests: list[Logged] = []
        self._site = Site(self.world, self.options)
        self._random = Random(f"{self.world.seed}:faults")
        self._port = port
        self._ready = Event()
        self._thread = Thread(target=self._run, name="replica", daemon=True)

    @property
    def site_url(self) -> str:
        """Address of the site, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """Address of the API, without a slash at the end."""
        return self.site_url + API_PATH

    def start(self) -> Self:
        """Start serving; return when connections are accepted. OSError if the port is in use."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Close all connections and stop serving; a second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, request: Request) -> Answer:
        """Respond to a request like the site, changed by the matching faults."""
        answer = self._site.answer(request)
        answer.coded = answer.coded or not self.options.gzip
        for fault in tuple(self.faults):
            if fault.strikes(request, self._random):
                answer = fault.action(request, answer)
        self.requests.append(
            Logged(request.method, request.target, answer.status, request.headers, request.time)
        )
        return answer

    def _run(self) -> None:
        # A selector loop of its own, independent of the crawler's choice of event loop.
        self._loop = asyncio.SelectorEventLoop()
        connections: set[Connection] = set()
        try:
            server = self._loop.run_until_complete(self._listen(connections))
        except OSError as failure:
            self._failure = failure
        else:
            self._serve(server, connections)
        finally:
            self._loop.close()
            self._ready.set()

    async def _listen(self, connections: set[Connection]) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connection(self.answer, connections), "127.0.0.1", self._port, backlog=512
        )
        self._port = server.sockets[0].getsockname()[1]
        self._site.address = self.site_url
        return server

    def _serve(self, server: asyncio.Server, connections: set[Connection]) -> None:
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        server.close()
        for connection in tuple(connections):
            connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
