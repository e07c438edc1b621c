"""Catalogues in the memory of this process, behind one lock."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from ..domain.catalogue import InventoryCatalogue
from ..domain.refs import CatalogueRef


class MemoryCatalogueStore:
    """The catalogues of an account; a transaction holds the lock, so keep it short."""

    def __init__(self, refs: Iterable[CatalogueRef]) -> None:
        self._refs = tuple(refs)
        self._texts = tuple(map(str, self._refs))
        self._lock = threading.Lock()
        self._catalogues: dict[str, InventoryCatalogue] = {}
        self.reset()

    @contextmanager
    def transaction(self, ref: str) -> Iterator[InventoryCatalogue | None]:
        """The catalogue with this ref, or None, with nobody else at it."""
        with self._lock:
            yield self._catalogues.get(ref)

    def refs(self) -> Sequence[str]:
        """The refs of all catalogues."""
        return self._texts

    def reset(self) -> None:
        """Empty every catalogue."""
        with self._lock:
            self._catalogues = {
                str(ref): InventoryCatalogue(ref, number)
                for number, ref in enumerate(self._refs, start=1)
            }
