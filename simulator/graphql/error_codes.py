"""Why a GraphQL request is refused, with the platform's codes.

Fluent docs: GraphQL API error codes, 12 June 2025: C0001-19 limits, C0100-19 dates, C0120-39
fields, C0140-59 the request's format. Single codes: the same page and the vendor's client.
"""

from graphql import GraphQLError

from ..domain.faults import NegativeValue, NotFound, NotUnique, RuleError, TooLong, TooMuchToRead

TOO_COMPLEX = "C0001E"
BAD_DATE = "C0100E"
DATE_RANGE_WITHOUT_ENDS = "C0101E"
NOT_FOUND = "C0120E"
NOT_UNIQUE = "C0123E"
NEGATIVE_VALUE = "C0122E"
INVALID_FIELD = "C0125E"
"""Inferred: of the family of field errors; the single code is unknown."""
BAD_REQUEST = "C0140E"
"""Documented for missing variables; for all else in the request's format, inferred."""
TOO_LONG = "C0141E"

_OF_RULE: dict[type[RuleError], str] = {
    NotFound: NOT_FOUND,
    NotUnique: NOT_UNIQUE,
    NegativeValue: NEGATIVE_VALUE,
    TooLong: TOO_LONG,
    TooMuchToRead: TOO_COMPLEX,
}


def refusal(code: str, message: str) -> GraphQLError:
    """An error for `errors[]`, with its code where the platform has it."""
    return GraphQLError(message, extensions={"code": code})


def rule_refusal(error: RuleError) -> GraphQLError:
    """What a rule of the domain refused."""
    text = str(error)
    return refusal(_OF_RULE.get(type(error), INVALID_FIELD), f"{text[:1].upper()}{text[1:]}.")
