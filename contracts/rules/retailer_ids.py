"""What the rules about a retailerId share, which is the same in a record, an event and a job."""

from __future__ import annotations

from .rule import Rule, Severity

AN_ID = "the id of a retailer, a whole number"


def is_no_retailer(value: object) -> bool:
    """Whether a text or a number is no retailer's id; other types are not judged."""
    if isinstance(value, float):
        return True
    return isinstance(value, str) and not (value.isascii() and value.isdigit())


class RetailerRule(Rule):
    """A rule that tells of an id that no retailer can have."""

    severity = Severity.ERROR
    reason = (
        "Retailers are known by whole numbers. No account has a retailer of another name, so that"
        " this is refused; mostly it is a template that was not filled in."
    )
    evidence = (
        "Fluent docs: job API, 20 Feb 2025; inventory batch API, 24 Mar 2025 (samples). Inferred:"
        " that there are no others"
    )
    hint = "Fill in the retailer's id, and see why the source has none there."
