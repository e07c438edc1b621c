"""Uploads that come in parts: which positions or deltas a source system has named so far."""

import threading
from collections import OrderedDict

MOST_SESSIONS = 4
"""At once; each takes a byte for each position, or a text for each delta that the ledger keeps."""


class ReconcileSession:
    """What the parts of one upload have named; `era` is how many resets had come before."""

    def __init__(self, kind: str, catalogue_ref: str, era: int) -> None:
        self.kind = kind
        self.catalogue_ref = catalogue_ref
        self.era = era
        self.positions = bytearray()
        self.delta_ids: set[str] = set()
        self.looked_up = 0
        """For how many lines all requests have been looked through."""

    def name_position(self, position: int) -> bool:
        """Note that a position was named; False if it had been before."""
        named = self.positions
        if position >= len(named):
            named.extend(bytes(position + 1 - len(named)))
        if named[position]:
            return False
        named[position] = 1
        return True


class ReconcileSessions:
    """The uploads under way, by the ids that senders have given them; the oldest give way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, ReconcileSession] = OrderedDict()

    def find(self, name: str) -> ReconcileSession | None:
        """The one with this id."""
        return self._sessions.get(name)

    def begin(self, name: str, session: ReconcileSession) -> None:
        """Keep a new one."""
        with self._lock:
            self._sessions[name] = session
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)

    def __len__(self) -> int:
        return len(self._sessions)
