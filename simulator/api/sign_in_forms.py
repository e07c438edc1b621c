"""What the token endpoint reads of a form, free of any web framework: the door signs in itself."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from ..errors import oauth_error, shortened
from ..text.encoding import parameter_fault
from ..text.redaction import GRANTS, REDACTED

FORM = "application/x-www-form-urlencoded"


def form_parameters(form: bytes) -> dict[str, str]:
    """The fields of a form; of a repeated one the first value counts.

    Raises ApiError (400) for one that is not UTF-8.
    """
    refuse_other_encodings(form)
    return dict(reversed(parse_qsl(form.decode(), keep_blank_values=True)))


def refuse_other_encodings(parameters: bytes) -> None:
    """Raise ApiError (400) for parameters that are not UTF-8, and would be read as others."""
    if (found := parameter_fault(parameters)) is not None:
        name, fault = found
        of = f" of {shortened(name)}" if name else ""
        raise oauth_error(400, "invalid_request", f"The text{of} cannot be read: {fault.sentences}")


def without_secrets(parameters: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a call until it has been examined; a refresh token is spent by its use."""
    grant_type = parameters.get("grant_type")
    if grant_type is None:
        return {}
    if grant_type not in GRANTS:  # a secret may stand in the wrong place
        return {"grant_type": REDACTED}
    if grant_type != "refresh_token" or grant_type not in parameters:
        return {"grant_type": grant_type}
    return {"grant_type": grant_type, grant_type: parameters[grant_type]}
