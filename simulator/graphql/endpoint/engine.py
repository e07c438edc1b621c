"""POST /graphql: from a body to a reply."""

import logging
import re
import threading
from collections import OrderedDict
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from ...behaviour import Behaviour
from ...clock import Clock
from ...domain import bounds
from ...domain.account.account import Account
from ...domain.as_of import AsOf
from ...domain.bounds import Tally
from ...domain.search.paging import ReadBudget
from ...errors import ApiError, Reason, shortened
from ...intake import parsing
from ...intake.requests import Requests
from ...intake.schemas import Schemas
from ...operations.pace import Place, Slots
from ...operations.replies import Reply
from ...settings import Settings
from ...stores.entity_log import EntityLog
from ..context import Call
from ..error_codes import BAD_REQUEST, refusal
from ..executor import NoRoomError, RowExecutor, TooManyValuesError
from ..limits.complexity import CostCheck, too_many_values
from ..limits.numbers import long_numbers
from ..limits.repetition import Repetition
from ..reading import (
    AccountChangedError,
    AccountStore,
    Reading,
    changing,
    holding,
    holding_late,
)
from .schema import build_schema

MOST_LARGE = 4
"""Queries with large replies at a time: each takes up to 30 MB while it is put together."""
MOST_ERRORS = 20
"""Errors that are told of a document: for a name that there is not, the nearest are looked for."""
LONGEST_MESSAGE = 1_000
"""Characters; names from a document are shown in messages, and may be of any length."""
LONGEST_KEPT_DOCUMENT = 10_000
"""Characters."""
DOCUMENT_BYTES = 350
"""What a kept document takes for each of its characters, at most."""

_TOO_LONG_DOCUMENT = re.compile(r"Syntax Error: Document contains more than [0-9]+ \w+\..*")
"""What graphql-core says of a document with too many words, signs or comments."""

log = logging.getLogger(__name__)


class _Request(NamedTuple):
    query: str
    variables: dict[str, Any]
    operation_name: str | None


class GraphQLOperations:
    """Answers GraphQL requests."""

    def __init__(
        self,
        store: AccountStore,
        schemas: Schemas,
        settings: Settings,
        behaviour: Behaviour,
        clock: Clock,
        entity_log: EntityLog,
    ) -> None:
        self._store = store
        self._settings = settings
        self._behaviour = behaviour
        self._clock = clock
        self._entity_log = entity_log
        self._requests = Requests(schemas, behaviour)
        self.schema = build_schema(behaviour)
        # Clients send the same few documents again and again.
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()
        self._kept = Tally(bounds.DOCUMENTS)
        self._keeping = threading.Lock()
        self._large = Slots(MOST_LARGE, "queries with large replies", "ask for smaller pages")

    def tallies(self) -> list[Tally]:
        """How much the documents take that are kept."""
        return [self._kept]

    def post(self, body: bytes, as_of: AsOf | None = None) -> Reply:
        """Execute the operation in a body; whatever is wrong with it is told in `errors`.

        A query sees the account as of a moment, if one is given; a mutation is no reading.
        Raises ApiError (503) for a query with a large reply while too many others have one.
        """
        try:
            request = self._read(body)
        except ApiError as error:
            return _refused([refusal(BAD_REQUEST, reason.message) for reason in error.reasons], 400)
        try:
            document = self._document(request.query)
        except GraphQLSyntaxError as error:
            told = self._told_of_syntax(error)
            return _refused([told], int(self._behaviour.graphql_syntax_error_status))
        except _InvalidDocumentError as error:
            return _refused(error.errors, 200)
        try:
            operation = _operation(document, request)
            self._check_cost(document, operation, request)
        except GraphQLError as error:
            return _refused([error], 200)
        result = self._run(document, operation, request, as_of)
        is_mutation = operation.operation is OperationType.MUTATION
        return _reply(result, is_mutation=is_mutation)

    def _read(self, body: bytes) -> _Request:
        fields = self._requests.sound("graphql_request", parsing.parse(body), body)
        variables = fields.get("variables") or {}
        return _Request(fields["query"], variables, fields.get("operationName") or None)

    def _document(self, query: str) -> DocumentNode:
        """The parsed and validated document of a query."""
        kept = self._documents.get(query)
        if kept is not None:
            return kept
        most = self._behaviour.graphql_max_tokens
        document = parse(query, max_lexical_tokens=most, max_comments=most)
        try:
            Repetition(self._behaviour.graphql_max_comparisons).check(document)
        except GraphQLError as error:
            raise _InvalidDocumentError([error]) from None
        errors = long_numbers(document, query) or validate(
            self.schema, document, max_errors=MOST_ERRORS
        )
        if errors:
            raise _InvalidDocumentError(errors)
        if len(query) <= LONGEST_KEPT_DOCUMENT:
            self._keep(query, document)
        return document

    def _told_of_syntax(self, error: GraphQLSyntaxError) -> GraphQLError:
        """A syntax error in our own words where it is none but a limit."""
        if _TOO_LONG_DOCUMENT.fullmatch(error.message) is None:
            return error
        return refusal(
            BAD_REQUEST,
            f"The document has more than {self._behaviour.graphql_max_tokens:,} words and signs, "
            "or comments (behaviour graphql.max_tokens). Send several documents.",
        )

    def _keep(self, query: str, document: DocumentNode) -> None:
        kept = self._kept
        with self._keeping:
            if query in self._documents:
                return
            self._documents[query] = document
            kept.held += DOCUMENT_BYTES * len(query)
            while kept.is_over:
                oldest, _ = self._documents.popitem(last=False)
                kept.held -= DOCUMENT_BYTES * len(oldest)
                kept.lost += 1

    def _check_cost(
        self, document: DocumentNode, operation: OperationDefinitionNode, request: _Request
    ) -> None:
        variables = get_variable_values(
            self.schema, operation.variable_definitions or (), request.variables, max_errors=50
        )
        # Variables that do not fit are for the execution to tell.
        coerced = {} if isinstance(variables, list) else variables.coerced
        fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        CostCheck(self.schema, self._behaviour, fragments, coerced).check(operation)

    def _run(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        request: _Request,
        as_of: AsOf | None,
    ) -> ExecutionResult:
        if operation.operation is OperationType.MUTATION:
            if as_of is not None:
                as_of.untold = "A mutation is carried out now, whatever was before."
            with changing(self._store) as (reading, account):
                return self._execute(document, request, self._call(reading, account))
        with Place(self._large) as place:
            try:
                if as_of is not None:
                    with holding_late(self._store, as_of) as reading:
                        return self._execute(document, request, self._call(reading, place=place))
                return self._look_up(document, request, place)
            except NoRoomError as full:
                raise full.refusal from None
            except TooManyValuesError:
                return ExecutionResult(None, [too_many_values(self._behaviour)])

    def _look_up(self, document: DocumentNode, request: _Request, place: Place) -> ExecutionResult:
        try:
            call = self._call(Reading(self._store), place=place)
            return self._execute(document, request, call)
        except AccountChangedError:
            with holding(self._store) as reading:
                return self._execute(document, request, self._call(reading, place=place))

    def _execute(self, document: DocumentNode, request: _Request, call: Call) -> ExecutionResult:
        return execute_sync(
            self.schema,
            document,
            context_value=call,
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=RowExecutor,
        )

    def _call(
        self, reading: Reading, account: Account | None = None, place: Place | None = None
    ) -> Call:
        return Call(
            self._settings,
            self._behaviour,
            self._clock,
            self._entity_log,
            reading,
            account,
            ReadBudget(self._behaviour.graphql_max_rows_read),
            place,
        )


class _InvalidDocumentError(Exception):
    """A document that does not fit the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


def _operation(document: DocumentNode, request: _Request) -> OperationDefinitionNode:
    operation = get_operation_ast(document, request.operation_name)
    if operation is not None:
        return operation
    names = [
        node.name.value
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode) and node.name is not None
    ]
    known = shortened(", ".join(names))
    if request.operation_name is None:
        raise refusal(BAD_REQUEST, f"/operationName is missing: expected one of {known}.")
    found = shortened(request.operation_name)
    raise refusal(BAD_REQUEST, f"/operationName is {found!r}: expected one of {known}.")


def _refused(errors: list[GraphQLError], status: int) -> Reply:
    return _reply(ExecutionResult(None, errors), status)


def _reply(result: ExecutionResult, status: int = 200, *, is_mutation: bool = False) -> Reply:
    if not result.errors:
        return Reply({"data": result.data}, status)
    errors = [_formatted(error) for error in result.errors]
    body: dict[str, object] = {"errors": errors}
    # A request that was refused before it ran has no data at all (GraphQL, October 2021, 7.1).
    if result.data is not None:
        body["data"] = result.data
    # Each field of a mutation is a change of its own.
    empty = [value is None for value in (result.data or {}).values()]
    came_to_nothing = all(empty) or (is_mutation and any(empty))
    reason = Reason(BAD_REQUEST, errors[0]["message"]) if came_to_nothing else None
    return Reply(body, status, reason=reason)


def _formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as the platform shows it, with a code always."""
    shown: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    if cause is not None and not isinstance(cause, GraphQLError):
        log.error("a defect at %s", error.path, exc_info=cause)
        shown["message"] = "A defect of the simulator: its log has the details. Please report it."
    if len(shown["message"]) > LONGEST_MESSAGE:
        shown["message"] = shown["message"][: LONGEST_MESSAGE - 1] + "…"
    extensions = dict(shown.get("extensions") or {})
    extensions.setdefault("code", BAD_REQUEST)
    shown["extensions"] = extensions
    return shown
