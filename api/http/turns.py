"""Whose turn it is: so many at a time, so many for one client, the clients served in rotation, the rest sent away.

One client that asks without end thereby waits for itself: others keep their share, whatever the length of its queue.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.errors import BusyError, RequestError
from kb.language import Words

Turn = asyncio.Future[None]


class Turns:
    """Gives out turns: `most` at a time, `each` at a time for one client; `room` may wait, for at most `seconds`."""

    def __init__(self, *, most: int, each: int, room: int, seconds: float) -> None:
        self._most = most
        self._each = each
        self._room = room
        self._seconds = seconds
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """One turn for a client.

        Errors: BusyError when too many wait, or when it is not its turn in time.
        """
        await self.take(client)
        try:
            yield
        finally:
            self.give_back(client)

    async def take(self, client: str) -> None:
        """Wait for a turn, which must be given back.

        Errors: BusyError when too many wait, or when it is not its turn in time.
        """
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._hand_out()
        if not turn.done():
            self._make_room(client)
        taken = False
        try:
            if not turn.done():
                # `wait` leaves the turn as it is when the time is up or the asker goes, where `timeout` would cancel it: so
                # what stands in a queue can be given, also in the moment between that and `_forget`.
                await asyncio.wait((turn,), timeout=self._seconds)
            if not turn.done():
                raise BusyError(_NOT_IN_TIME)
            turn.result()
            taken = True
        finally:
            if not taken:
                self._forget(client, turn)

    def give_back(self, client: str) -> None:
        """End a turn."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._hand_out()

    def _hand_out(self) -> None:
        """Give a turn to who may have one, the client that waits longest for its next one first."""
        for client in list(self._waiting):
            if self._running.total() >= self._most:
                return
            if self._running[client] < self._each:
                self._waiting[client].popleft().set_result(None)
                self._running[client] += 1
                self._waiting.move_to_end(client)
                self._tidy(client)

    def _make_room(self, client: str) -> None:
        """When too many wait, the last of the client that waits with most goes."""
        if sum(map(len, self._waiting.values())) <= self._room:
            return
        longest = max(len(queue) for queue in self._waiting.values())
        loser = client if len(self._waiting[client]) == longest else self._with(longest)
        self._waiting[loser].pop().set_exception(BusyError(_full(self._room)))
        self._tidy(loser)

    def _with(self, length: int) -> str:
        return next(client for client, queue in self._waiting.items() if len(queue) == length)

    def _forget(self, client: str, turn: Turn) -> None:
        """End the wait of who no longer waits; a turn that came in the last moment goes to the next."""
        if not turn.done():
            self._waiting[client].remove(turn)
            self._tidy(client)
        elif turn.exception() is None:
            self.give_back(client)

    def _tidy(self, client: str) -> None:
        if not self._waiting[client]:
            del self._waiting[client]


class TurnMiddleware:
    """Lets a request wait for its turn when its body is there, so that nobody holds a turn by sending slowly.

    What is answered without work (`free`: the beginnings of paths) goes on at once.
    """

    def __init__(self, app: ASGIApp, turns: Turns, public_base: str, free: tuple[str, ...]) -> None:
        self.app = app
        self.turns = turns
        self.public_base = public_base
        self.free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"].startswith(self.free):
            await self.app(scope, receive, send)
            return
        try:
            body = await _body(receive)
            if body is None:
                return
            connection = Connection(body, receive)
            if not await connection.waits(self.turns.take(client_of(scope))):
                return
        except RequestError as error:
            await problems.respond(scope, error, self.public_base)(scope, receive, send)
            return
        try:
            await self.app(scope, connection.receive, send)
        finally:
            self.turns.give_back(client_of(scope))
            connection.end()


class Connection:
    """What is still to be received by an app, of a request whose body came in before."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._next = asyncio.ensure_future(receive())
        self._receive = receive

    async def waits(self, turn: Coroutine[Any, Any, None]) -> bool:
        """Wait for a turn for as long as the other side stays; False when it has gone."""
        taking = asyncio.ensure_future(turn)
        try:
            await asyncio.wait((taking, self._next), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            taking.cancel()
            self.end()
            raise
        if taking.done():
            if taking.exception():
                self.end()
            taking.result()
            return True
        taking.cancel()
        return False

    async def receive(self) -> Message:
        """The next message for the app."""
        if self._body is not None:
            message, self._body = self._body, None
            return message
        return await asyncio.shield(self._next)

    def end(self) -> None:
        """Wait for nothing any more."""
        self._next.cancel()


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the other side went away before it was there."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def client_of(scope: Scope) -> str:
    """Who asks: the address it comes from; of IPv6 the network that one household or office has."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host


_NOT_IN_TIME = Words(
    "Er kwam op tijd geen plaats vrij voor dit verzoek. Probeer het zo nog eens.",
    "There was no room for this request in time. Try again in a while.",
)


def _full(room: int) -> Words:
    return Words(
        f"Er wachten al {room} verzoeken. Probeer het zo nog eens.",
        f"There are {room} requests waiting already. Try again in a while.",
    )
