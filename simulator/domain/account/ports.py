"""What the operations need of a store; the memory store is one, a shared one may follow."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from ..as_of import Mark
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..refs import CatalogueRef
from .account import Account


class CatalogueStore(Protocol):
    """Keeps the inventory catalogues of an account."""

    def transaction(self, ref: str) -> AbstractContextManager[InventoryCatalogue | None]:
        """The catalogue with this ref, or None, to read and change with nobody else at it.

        Work that raises must leave the catalogue as it was; the rules check before they change.
        """

    def reading(self, ref: str) -> AbstractContextManager[InventoryCatalogue | None]:
        """The same to read only: whoever reads the account meanwhile need not begin anew."""

    def view(self) -> AbstractContextManager[tuple[Account, int]]:
        """The whole account, to read, and its version: that is another after any change."""

    def mark(self) -> Mark:
        """How far the account has come, for those who are to see no less of it."""

    def refs(self) -> Sequence[str]:
        """The refs of all catalogues."""

    def find_ref(self, ref: str) -> CatalogueRef | None:
        """The name of the catalogue with this ref."""

    def setting(self, name: str, retailer_id: str) -> str | None:
        """The value of a setting that somebody has written for a retailer or the account."""

    def anew(self) -> AbstractContextManager[Mark]:
        """Empty every catalogue, and keep all others away from them while this lasts."""
