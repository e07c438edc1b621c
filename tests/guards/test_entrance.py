"""Stock has one entrance: who may call what changes it, and a planted break of each kind.

This reads names, so it finds what goes past the entrance by mistake, not what hides from it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.workflow import workflow

from .helpers.breaks import planted, tell, told
from .helpers.imports import CODE, PACKAGE, Code

WORKFLOW = f"{PACKAGE}.domain.workflow"
ENTRANCE = f"{WORKFLOW}.workflow"
BEHIND_IT = {
    f"{WORKFLOW}.{name}"
    for name in (
        *("corrections", "counts_together", "inventory_changed", "inventory_delta"),
        "update_inventory_qty",
    )
}
"""What events, records of batches and mutations run."""

OF_EVENTS = {"run"}
OF_RECORDS = {"counts_together", "inventory_changed"}
OF_MUTATIONS = {
    *("NewPosition", "create_position", "PositionChanges", "update_position", "find_position"),
    *(
        "QuantityChanges",
        "create_quantity",
        "update_quantity",
        "set_quantity_statuses",
        "set_status_at_location",
    ),
}
TELLS = {"fail", "has_ruleset", "why_no_ruleset", "why_no_workflow"}
"""What the entrance says to anybody: it changes nothing."""
MEASURED = "loadtests/benchmarks/bare_delta.py"
"""What the worker is measured against, on a catalogue and in a process of its own."""
COMES_IN = {
    **dict.fromkeys(OF_EVENTS, ("simulator/worker.py", MEASURED)),
    **dict.fromkeys(OF_RECORDS, ("simulator/domain/workflow/batch_run.py",)),
    **dict.fromkeys(OF_MUTATIONS, ("simulator/graphql/mutations/",)),
}
"""Who alone takes what from the entrance."""

CHANGES = {
    *("add_position", "new_details_of", "note_change", "set_count", "write_on_hand"),
    *("put_quantity", "retire_transients", "set_aside_plain_count", "set_quantity", "set_shown"),
    *("set_status", "set_type", "forget", "add_positions", "set_counts", "go_on_from"),
}
"""Methods of a catalogue that change positions or quantities; their names are its alone."""
READS = {
    *(
        "all_details",
        "details_of",
        "earlier_states",
        "past_of_on_hand",
        "find",
        "find_by_ref",
        "find_quantity",
    ),
    *("folded", "has_transients", "on_hand", "position_of_quantity", "positions_with_ledgers"),
    *("is_parent", "latest_quantities_of", "on_hand_of_each", "quantities_of", "quantity"),
    *("made", "ref_of", "refs_of", "seen_late", "stock"),
    *("timelines", "times_written", "type_of", "types_of"),
}
COLUMNS = {"counts", "counted_at", "counted_by", "updated_at", "statuses"}
"""Of the table of positions."""
RECALLED = f"{PACKAGE}.domain.catalogue.recalled"
RECALLS = "simulator/stores/snapshot_file/"
"""Who makes a catalogue again of a file, where nobody can see it yet."""
MAY_CHANGE = ("simulator/domain/catalogue/", "simulator/domain/workflow/")


def only_the_entrance_is_used(code: Code) -> None:
    tell(
        (
            f"{code.file(module)} takes {name.removeprefix(f'{PACKAGE}.')}"
            for module in code.paths
            if module != ENTRANCE
            for name in sorted({*code.names(module), *code.reached(module)})
            if _is_past_the_entrance(code, module, name)
        ),
        "Stock is changed through simulator/domain/workflow/workflow.py alone: the worker runs"
        " events there, batch_run.py its records, simulator/graphql/mutations its mutations. Let"
        " one of them do it; COMES_IN in this file says what each may take.",
    )


def _is_past_the_entrance(code: Code, module: str, name: str) -> bool:
    if name.startswith(f"{ENTRANCE}."):
        word = name.removeprefix(f"{ENTRANCE}.").partition(".")[0]
        return word not in TELLS and not code.file(module).startswith(COMES_IN.get(word, ()))
    return code.home(code.origin(name)) in BEHIND_IT


def nothing_else_changes_stock(code: Code) -> None:
    tell(
        (
            f"{code.file(module)}:{line}: {what}"
            for module in code.paths
            if code.file(module).startswith("simulator/")
            and not code.file(module).startswith(MAY_CHANGE)
            for line, what in _changes(code.trees[module])
        ),
        "Only simulator/domain/workflow changes a position or a quantity: put the change there, and"
        " hand it on in its workflow.py.",
    )


def _changes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What changes a catalogue: a method of it, however it is reached, or a column of its table."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=name) if name in CHANGES:
                yield node.lineno, ast.unparse(node)
            case ast.Subscript(value=ast.Attribute(attr=name), ctx=ast.Store() | ast.Del()) if (
                name in COLUMNS
            ):
                yield node.lineno, f"{ast.unparse(node)} is written"
            case ast.Attribute(attr="add" | "add_all", value=ast.Attribute(attr="positions")):
                yield node.lineno, ast.unparse(node)


def test_only_the_entrance_is_used_by_what_changes_stock() -> None:
    only_the_entrance_is_used(CODE)
    assert CODE.imports[ENTRANCE] >= BEHIND_IT


def test_nothing_but_what_comes_in_there_changes_a_position_or_a_quantity() -> None:
    nothing_else_changes_stock(CODE)


def test_nothing_but_a_file_makes_a_catalogue_again() -> None:
    tell(
        (
            f"{CODE.file(module)} takes {name.removeprefix(f'{PACKAGE}.')}"
            for module in CODE.paths
            if not CODE.file(module).startswith(RECALLS)
            for name in sorted(CODE.names(module))
            if name.startswith(RECALLED)
        ),
        f"Only {RECALLS} recalls positions and quantities: it goes past the workflow.",
    )


def test_all_that_the_entrance_hands_out_is_known_here() -> None:
    tell(
        sorted(set(workflow.__all__) ^ (COMES_IN.keys() | TELLS)),
        "Say in this file who takes it from the entrance (COMES_IN), or that it changes nothing"
        " (TELLS); or take it out, if the entrance has it no more.",
    )


def test_of_every_method_of_a_catalogue_it_is_known_whether_it_changes_stock() -> None:
    methods = {
        name
        for name, value in vars(InventoryCatalogue).items()
        if not name.startswith("_") and (callable(value) or isinstance(value, property))
    }

    tell(
        sorted(methods ^ (CHANGES | READS)),
        "Say in CHANGES or READS of this file which it is; or take it out, if it is gone. The name"
        " of one that changes stock must be the catalogue's alone.",
    )


# -- and each of these fails on a break ------------------------------------------------------------

BEHIND = {
    "simulator__domain__workflow__corrections": "def create_quantity(): ...\n",
    "simulator__domain__workflow__inventory_changed": "def inventory_changed(): ...\n",
    "simulator__domain__workflow__workflow": (
        "from .corrections import create_quantity\nfrom .inventory_changed import inventory_changed"
        "\nRULESETS = {}\n"
    ),
    "simulator__domain__workflow__batch_run": "from .workflow import inventory_changed\n",
}
PAST_IT = {
    "what is behind it": "from .domain.workflow.corrections import create_quantity\n",
    "the module behind it": "from .domain.workflow import inventory_changed\n",
    "what another has from it": "from .domain.workflow.batch_run import inventory_changed\n",
    "through what another has": (
        "from .domain.workflow import batch_run as b\nb.inventory_changed(c)\n"
    ),
    "by import_module": "import_module('.domain.workflow.corrections', __package__)\n",
    "what is for others": "from .domain.workflow.workflow import create_quantity\n",
    "what is for others, by its place": (
        "from .domain.workflow import workflow\nworkflow.inventory_changed(c)\n"
    ),
    "all that it has": "from .domain.workflow.workflow import *\n",
    "its table": "from .domain.workflow import workflow as w\nw.RULESETS['a'](c)\n",
}


@pytest.mark.parametrize("text", PAST_IT.values(), ids=PAST_IT)
def test_a_way_past_the_entrance_is_found(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, simulator__worker=text, **BEHIND)

    with told("simulator/worker.py takes domain.workflow.", "COMES_IN"):
        only_the_entrance_is_used(code)


def test_who_comes_in_by_the_entrance_may(tmp_path: Path) -> None:
    worker = "from .domain.workflow import workflow\nworkflow.run(c)\nworkflow.why_no_ruleset(e)\n"
    mutation = "from ...domain.workflow.workflow import create_quantity\n"

    only_the_entrance_is_used(
        planted(
            tmp_path,
            simulator__worker=worker,
            simulator__graphql__mutations__one=mutation,
            **BEHIND,
        )
    )


CHANGED = {
    "by a call": "c.put_quantity(1, 'r', 'DELTA', 1, 0, source)\n",
    "by a count": "c.set_count(0, 5, at, source)\n",
    "by a status": "c.set_status(quantity, 'INACTIVE', at, source)\n",
    "for good": "store.catalogue.forget(quantity)\n",
    "by a method that is handed on": "apply = c.set_quantity\n",
    "by a method's name": "getattr(c, 'put_quantity')(1)\n",
    "by a new row": "c.positions.add('SKU', 'LOC', 'ACTIVE', 0)\n",
    "in the table": "c.positions.counts[0] = 5\n",
    "in the table, by so much": "c.positions.counts[0] += 5\n",
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
def test_a_change_past_the_entrance_is_found(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, simulator__worker=text)

    with told("simulator/worker.py:1: ", "put the change there"):
        nothing_else_changes_stock(code)
