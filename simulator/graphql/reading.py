"""One moment of the account for one request, without keeping the worker waiting.

A request reads in several short holds of the store's lock. If the account changes between two of
them, what was read does not belong together: then the request is begun anew, this time with the
lock held to its end. So nobody sees half of an event or of a batch's chunk.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

from ..domain.account.account import Account
from ..domain.as_of import AsOf
from ..domain.faults import RuleError
from .error_codes import rule_refusal

T = TypeVar("T")


class AccountStore(Protocol):
    """What reading and writing need of a store."""

    def view(self) -> AbstractContextManager[tuple[Account, int]]:
        """The whole account, to read, and its version: that is another after any change."""

    def change(self) -> AbstractContextManager[Account]:
        """The whole account, to read and change with nobody else at it."""


class AccountChangedError(BaseException):
    """The account has changed since the request's first look at it.

    Not an Exception, so that it leaves the execution of a query instead of becoming one of the
    query's errors.
    """


class Reading:
    """What a request's resolvers look at the account through."""

    def __init__(self, store: AccountStore, held: Account | None = None) -> None:
        self._store = store
        self._held = held
        self._version: int | None = None

    def __call__(self, look: Callable[[Account], T]) -> T:
        """What `look` finds in the account; raises AccountChangedError, or GraphQLError.

        Values that go on changing must not leave `look`.
        """
        try:
            return self._look(look)
        except RuleError as error:
            raise rule_refusal(error) from None

    def _look(self, look: Callable[[Account], T]) -> T:
        if self._held is not None:
            return look(self._held)
        with self._store.view() as (account, version):
            if self._version is None:
                self._version = version
            elif self._version != version:
                raise AccountChangedError
            return look(account)


@contextmanager
def holding(store: AccountStore) -> Iterator[Reading]:
    """A reading that keeps all others away until it ends."""
    with store.view() as (account, _):
        yield Reading(store, account)


@contextmanager
def holding_late(store: AccountStore, as_of: AsOf) -> Iterator[Reading]:
    """The same for a late reader, who sees an earlier account."""
    with store.view() as (account, _):
        yield Reading(store, account.seen_late(as_of))


@contextmanager
def changing(store: AccountStore) -> Iterator[tuple[Reading, Account]]:
    """An account to change, and a reading of what the changes led to."""
    with store.change() as account:
        yield Reading(store, account), account
