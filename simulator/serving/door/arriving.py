"""Reads bodies while they arrive: whole, in time and within bounds, or why not."""

import time
from asyncio import CancelledError
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from ...api.bodies import MOST_OF_FORM, SEND_AGAIN, is_chunked, not_whole, unknown_coding
from ...api.encodings import too_large
from ...behaviour import MEBIBYTE
from ...errors import ApiError, api_error
from .deadlines import Arrival, Deadlines

LONGEST_PAUSE = 30.0
"""Seconds in which something of a body has to arrive; granian gives a head as long."""
STRANGERS_PAUSE = 5.0
"""The same where no token in force has been shown."""
LEAST_RATE = 1_000
"""Bytes a second that have to arrive of a body that takes longer than the longest pause."""
LONGEST_ARRIVAL = 600.0
"""Seconds in which a body has to arrive whole."""

MOST_IN_ONE_GO = 64 * 1024
"""Bytes of a body that is awaited as a whole; a larger one is looked at while it comes."""
MOST_DRAINED = 64 * MEBIBYTE
"""Bytes of a body that nobody wants which are read all the same, so that the reply is seen."""
MOST_OF_VISITOR = MEBIBYTE
"""Bytes of a body that goes to a call of the simulator's own; the file of a snapshot has more."""

SECONDS_TO_ROOM = "1"


class Sender(StrEnum):
    """Who sends a body: for how long it is waited for, and whether it is kept."""

    CALLER = "has shown a token in force, or needs none"
    SIGNING_IN = "asks for a token"
    VISITOR = "calls one of the simulator's own paths, which are guarded behind the door"
    LOADING = "brings the file of a snapshot to one of the simulator's own paths"
    TURNED_AWAY = "will be refused, and brings an event: the ledger is to know what is lost with it"
    STRANGER = "will be refused, so that the body is read to its end only for the reply to be seen"


ROOM = {
    Sender.CALLER: 512 * MEBIBYTE,
    Sender.SIGNING_IN: 16 * MEBIBYTE,
    Sender.VISITOR: 64 * MEBIBYTE,
    Sender.LOADING: 64 * MEBIBYTE,
    Sender.TURNED_AWAY: 64 * MEBIBYTE,
    Sender.STRANGER: 0,
}
"""Bytes of all bodies together that are on their way or being answered, for each kind of sender:
none takes another's."""


class Body(NamedTuple):
    """What came of a body: its bytes, or the refusal to answer with."""

    content: bytes | Exception
    is_read: bool = True
    """Whether the connection can go on behind it."""
    sender: Sender = Sender.CALLER


NONE = Body(b"")


class Bodies:
    """Reads the bodies of requests, and counts those that are held."""

    def __init__(self, most: int, deadlines: Deadlines) -> None:
        self._most = {
            Sender.CALLER: most,
            Sender.SIGNING_IN: min(MOST_OF_FORM, most),
            Sender.VISITOR: min(MOST_OF_VISITOR, most),
            Sender.LOADING: most,
            Sender.TURNED_AWAY: most,
            Sender.STRANGER: 0,
        }
        self._deadlines = deadlines
        self._held = dict.fromkeys(Sender, 0)

    async def read(self, protocol: Any, headers: Mapping[str, str], sender: Sender) -> Body:
        """The body of a request that announces one, by its length or else by its coding.

        Its bytes count as held until it is let go.
        """
        coding = headers.get("transfer-encoding")
        if coding is not None:
            if not is_chunked(coding):
                return Body(unknown_coding(coding), is_read=False)
            if sender is Sender.SIGNING_IN:
                # Who signs in has shown nothing yet, and knows how long a form is.
                return Body(api_error(411, _NO_LENGTH), is_read=False)
            size = None
        else:
            # granian has refused what is no number; of 4,300 zeros before one Python makes none.
            size = int(headers["content-length"].lstrip("0") or "0")
            if size == 0:
                return NONE
        if sender is Sender.TURNED_AWAY and self._is_too_much(headers, size):
            sender = Sender.STRANGER
        most = self._most[sender]
        if sender is Sender.STRANGER or (size or 0) > most:
            content = _not_wanted() if sender is Sender.STRANGER else too_large(most)
            if "expect" in headers or (size or 0) > MOST_DRAINED:
                return Body(content, is_read=False)
            pieces = _Pieces(protocol, self._deadlines, sender)
            return Body(content, await self._drained(pieces))
        if size is None or size > MOST_IN_ONE_GO:
            return await self._in_pieces(protocol, size, sender)
        if not self._holds(sender, size):
            return Body(_no_room(), is_read=False)
        found = await Arrival(protocol(), self._deadlines, _pause(sender))
        if isinstance(found, bytes):
            return Body(found, sender=sender)
        self._held[sender] -= size
        return Body(_cut_off(found, size), is_read=False)

    def let_go(self, body: Body) -> None:
        """A body has been answered."""
        if isinstance(body.content, bytes):
            self._held[body.sender] -= len(body.content)

    async def _in_pieces(self, protocol: Any, size: int | None, sender: Sender) -> Body:
        pieces = _Pieces(protocol, self._deadlines, sender)
        kept: list[bytes] = []
        counted = 0
        refused: Body | None = None
        # Behind the last byte of a known length nothing comes: not to wait for the end saves the
        # network's thread two turns at the interpreter.
        while refused is None and counted != size and (piece := await pieces.next()):
            if isinstance(piece, BaseException):
                refused = Body(_cut_off(piece, size, pieces.arrived), is_read=False)
            elif counted + len(piece) > self._most[sender]:
                kept.clear()
                refused = Body(too_large(self._most[sender]), await self._drained(pieces))
            elif not self._holds(sender, len(piece)):
                refused = Body(_no_room(), is_read=False)
            else:
                kept.append(piece)
                counted += len(piece)
        if refused is not None:
            self._held[sender] -= counted
            return refused
        return Body(b"".join(kept), sender=sender)

    def _holds(self, sender: Sender, size: int) -> bool:
        """Count so many bytes more; False, and nothing counted, where there is no room for them."""
        if self._held[sender] + size > max(ROOM[sender], self._most[sender]):
            return False
        self._held[sender] += size
        return True

    def _is_too_much(self, headers: Mapping[str, str], size: int | None) -> bool:
        """Whether a body is not worth keeping that is refused in any case."""
        room = ROOM[Sender.TURNED_AWAY] - self._held[Sender.TURNED_AWAY]
        return "expect" in headers or (size or 0) > min(room, self._most[Sender.TURNED_AWAY])

    async def _drained(self, pieces: "_Pieces") -> bool:
        """Read what nobody wants to its end; whether it came to that."""
        while piece := await pieces.next():
            if isinstance(piece, BaseException) or pieces.arrived > MOST_DRAINED:
                return False
        return True


class _Pieces:
    """A body as it arrives, piece by piece."""

    def __init__(self, protocol: Any, deadlines: Deadlines, sender: Sender) -> None:
        self._stream = protocol.__aiter__()
        self._deadlines = deadlines
        self._pause = _pause(sender)
        self._until = time.monotonic() + LONGEST_ARRIVAL
        # When the rate was last looked at, and how much had arrived then.
        self._window = time.monotonic()
        self._arrived_before = 0
        self.arrived = 0
        """Bytes of it so far."""

    async def next(self) -> bytes | BaseException:
        """The next piece; empty at the end, and why there is none where it breaks off before.

        granian gives an empty piece for the end, and one more before it for a fault or for fields
        that trail behind the last chunk: no telling which.
        """
        piece = await self._awaited()
        if not piece and await self._awaited() is not None:
            return _BROKEN
        return piece or b""

    async def _awaited(self) -> bytes | BaseException | None:
        try:
            awaited = self._stream.__anext__()
        except StopAsyncIteration:
            return None
        now = time.monotonic()
        if now > self._until:
            return TimeoutError()
        if now - self._window > LONGEST_PAUSE:
            if self.arrived - self._arrived_before < LEAST_RATE * (now - self._window):
                return TimeoutError()
            self._window, self._arrived_before = now, self.arrived
        piece: bytes | BaseException = await Arrival(awaited, self._deadlines, self._pause)
        if isinstance(piece, bytes):
            self.arrived += len(piece)
        return piece


_BROKEN = ConnectionError("a chunk is malformed, or the last one is missing or trailed by fields")
_NO_LENGTH = "The body has no length: send it with Content-Length, not in chunks."


def _pause(sender: Sender) -> float:
    return LONGEST_PAUSE if sender is Sender.CALLER else STRANGERS_PAUSE


def _not_wanted() -> ApiError:
    return api_error(503, f"The body was not kept, for no token was shown. {SEND_AGAIN}")


def _cut_off(fault: BaseException, size: int | None, arrived: int | None = None) -> ApiError:
    if isinstance(fault, CancelledError | TimeoutError):
        return api_error(408, f"The body did not arrive whole in time. {SEND_AGAIN}")
    if size is None:
        return not_whole(str(_BROKEN))
    some = "less than" if arrived is None else f"{arrived:,} of"
    return not_whole(f"{some} the {size:,} bytes that Content-Length announces")


def _no_room() -> ApiError:
    message = f"Too many bodies are on their way to the simulator. {SEND_AGAIN}"
    return api_error(503, message, headers={"Retry-After": SECONDS_TO_ROOM})
