"""A signed-in connection for reading: one request at a time, at a bounded rate."""

from __future__ import annotations

import time
from typing import Any

from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.client_errors import AnswerError, UnreachableError
from fluent_oms_simulator.client.exchanges import Pace, Wire
from fluent_oms_simulator.client.fluent_api import Api

from .reading_target import AuditTarget

_TRIES = 4
_TRY_AGAIN = frozenset({429, 502, 503, 504})


class Connection:
    """Runs GraphQL queries; what fails in passing is tried again, for reading changes nothing."""

    def __init__(self, target: AuditTarget) -> None:
        self._wire = Wire(Pace(target.max_rate), seconds=target.timeout)
        self._api = Api(target.server, self._wire)

    @property
    def requests(self) -> int:
        """How many there were."""
        return self._wire.requests_sent

    def query(self, query: str, variables: dict[str, object]) -> Any:
        """The data that a query answers; raises ClientError."""
        body = {"query": query, "variables": variables}
        answer = self._asked("POST", "/graphql", body)
        if answer.status == 401:  # the server has forgotten the token
            self._api.renew()
            answer = self._asked("POST", "/graphql", body)
        data = answer.data()
        missing = [name for name, value in data.items() if value is None]
        if missing:
            raise AnswerError(f"{answer.asked} answered nothing for {missing[0]}")
        return data

    def look(self, path: str) -> dict[str, Any]:
        """What there is to GET, empty where that is nothing."""
        answer = self._asked("GET", path)
        return answer.fields if answer.status == 200 else {}

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _asked(self, method: str, path: str, body: object = None) -> Answer:
        for attempt in range(1, _TRIES):
            try:
                answer = self._api.call(method, path, json=body)
                if answer.status not in _TRY_AGAIN:
                    return answer
            except UnreachableError:
                pass
            time.sleep(0.1 * 2**attempt)
        return self._api.call(method, path, json=body)
