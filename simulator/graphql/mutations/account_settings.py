"""Mutations of settings.

Fluent docs: Settings creation and editing mutations, 1 July 2024. The simulator itself heeds
fc.enable.batch.preprocessing; all others are kept and shown.
"""

from collections.abc import Mapping
from typing import Any

from ...domain.account.account import Account
from ...domain.account.account_settings import AccountSetting
from ...domain.faults import NotFound
from ..arguments import Arguments
from ..context import Call
from .common import mutation

_FIELDS = {
    "name": "name",
    "valueType": "value_type",
    "value": "value",
    "lobValue": "lob_value",
    "context": "context",
    "contextId": "context_id",
}


def create_setting(_call: Call, account: Account, arguments: Arguments) -> AccountSetting:
    """Mutation.createSetting."""
    given = arguments["input"]
    values = {field: given.get(name) for name, field in _FIELDS.items()}
    return account.settings.add(AccountSetting(number=0, **values))


def update_setting(_call: Call, account: Account, arguments: Arguments) -> AccountSetting:
    """Mutation.updateSetting: what it does not give stays."""
    given = arguments["input"]
    known = account.settings.with_id(given["id"])
    if known is None:
        raise NotFound(f"there is no setting with the id {given['id']!r}")
    values = {field: given[name] for name, field in _FIELDS.items() if given.get(name) is not None}
    return account.settings.put(known._replace(**values))


SETTING_MUTATIONS: Mapping[str, Any] = {
    "createSetting": mutation(create_setting),
    "updateSetting": mutation(update_setting),
}
