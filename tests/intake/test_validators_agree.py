"""jsonschema-rs, which judges requests, and the reference library come to the same verdict."""

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from fluent_oms_simulator.intake.schemas import Schemas, load_documents, load_index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referencing import Registry, Resource

KINDS = sorted(kind for kind, entry in load_index().items() if entry["request"])
CHOICES = {
    "default": Schemas(),
    "strictest": Schemas(unknown_fields="refuse"),
    "most lenient": Schemas(string_numbers="accept", missing_delta_id="generate"),
}


def reference(schemas: Schemas, kind: str) -> Callable[[object], bool]:
    registry: Registry[Any] = Registry().with_resources(
        (address, Resource.from_contents(document))
        for address, document in schemas.documents.items()
    )
    address = load_documents()[load_index()[kind]["file"]]["$id"]
    return jsonschema.Draft202012Validator({"$ref": address}, registry=registry).is_valid


REFERENCES = {
    (choice, kind): reference(schemas, kind)
    for choice, schemas in CHOICES.items()
    for kind in KINDS
}

# A whole number written with a decimal point is refused before any schema is asked, and a lone
# surrogate cannot come out of the JSON parser.
fractions = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer())
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
strange: list[Any] = [
    *("", "a\n", "\n", "-5", "+5", "5-", "- 5", "5\n", "-0", "00", "\u0663", "1" * 11),
    *("é" * 100, "é" * 101, "x" * 50, "x" * 51, "\x7f", "\x00", "UPSERT", "DELTA", "LAST_ON_HAND"),
    *(0, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**64, -0.5),
    *(True, False, None, [], {}),
]
telling = st.sampled_from(strange).map(copy.deepcopy)
leaves = st.none() | st.booleans() | st.integers() | fractions | texts
values = telling | st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


def names_in(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(names_in, node))
    if isinstance(node, dict):
        return set(node.get("properties", {})) | names_in(list(node.values()))
    return set()


names = st.sampled_from(sorted(names_in(list(load_documents().values())))) | texts


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> Any:
    """One of the kind's examples with one to three things changed."""
    document = copy.deepcopy(
        draw(st.sampled_from(load_documents()[load_index()[kind]["file"]]["examples"]))
    )
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(list(containers(document)))) if document else document
        if isinstance(holder, list):
            change(draw, holder, draw(st.integers(0, len(holder) - 1)) if holder else None)
        elif draw(st.booleans()) or not holder:
            holder[draw(names)] = draw(values)
        else:
            change(draw, holder, draw(st.sampled_from(list(holder))))
    return document


def change(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if key is None:
        holder.append(draw(values))
    elif draw(st.booleans()):
        holder[key] = draw(values)
    else:
        del holder[key]


def containers(node: Any) -> list[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = [node] if isinstance(node, dict | list) else []
    return found + [container for item in inner for container in containers(item)]


quick = settings(max_examples=40, suppress_health_check=list(HealthCheck))
long = settings(quick, max_examples=1_000)


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(data=st.data())
def test_both_libraries_agree(kind: str, data: st.DataObject) -> None:
    hold_to_one_verdict(kind, data)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@long
@given(data=st.data())
def test_both_libraries_agree_on_many_more(kind: str, data: st.DataObject) -> None:
    hold_to_one_verdict(kind, data)


def hold_to_one_verdict(kind: str, data: st.DataObject) -> None:
    document = data.draw(mutated(kind) | values)

    for choice, schemas in CHOICES.items():
        verdict = schemas.is_valid(kind, document)
        assert verdict == REFERENCES[choice, kind](document), choice

        faults, total = schemas.faults(kind, document)
        assert (total == 0) == verdict, choice
        assert len(faults) == min(total, 100)
        assert all(fault.message for fault in faults)
