"""An account in the memory of this process, behind one lock."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy

from ..domain.account.account import Account
from ..domain.as_of import Mark
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.refs import CatalogueRef


class MemoryCatalogueStore:
    """What an account holds; whoever reads or changes it holds the lock, so keep that short."""

    def __init__(self, new_account: Callable[[], Account]) -> None:
        self._new_account = new_account
        self._lock = threading.Lock()
        self._account = new_account()
        self._version = 0

    @contextmanager
    def transaction(self, ref: str) -> Iterator[InventoryCatalogue | None]:
        """The catalogue with this ref, or None, with nobody else at it."""
        with self._lock:
            self._version += 1
            yield self._account.catalogues.get(ref)

    @contextmanager
    def reading(self, ref: str) -> Iterator[InventoryCatalogue | None]:
        """The same to read only, which leaves the account's version as it is."""
        with self._lock:
            yield self._account.catalogues.get(ref)

    @contextmanager
    def change(self) -> Iterator[Account]:
        """The whole account, to read and change with nobody else at it."""
        with self._lock:
            self._version += 1
            yield self._account

    @contextmanager
    def view(self) -> Iterator[tuple[Account, int]]:
        """The whole account, to read, and its version: that is another after any change."""
        with self._lock:
            yield self._account, self._version

    def refs(self) -> Sequence[str]:
        """The refs of all catalogues."""
        return tuple(self._account.catalogues)

    def find_ref(self, ref: str) -> CatalogueRef | None:
        """The name of the catalogue with this ref."""
        catalogue = self._account.catalogues.get(ref)
        return None if catalogue is None else catalogue.ref

    def setting(self, name: str, retailer_id: str) -> str | None:
        """The value of a setting that somebody has written for a retailer or the account."""
        return self._account.settings.value_of(name, retailer_id)

    def mark(self) -> Mark:
        """How far the account has come."""
        with self._lock:
            return self._account.mark()

    @contextmanager
    def anew(self, kept: Account | None = None) -> Iterator[Mark]:
        """Start anew, with empty catalogues or what was kept; nobody is at them while this lasts.

        What was kept stays as it is, to be gone back to again. Yields how far it had come.
        """
        with self._lock:
            self._version += 1
            self._account = self._new_account() if kept is None else deepcopy(kept)
            yield self._account.mark()

    def keep(self) -> Account:
        """A copy of the whole account, to go back to; a million positions take half a second."""
        with self._lock:
            return deepcopy(self._account)
