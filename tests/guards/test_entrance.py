"""Stock has one entrance: who may call what changes it, and a planted break of each kind."""

from __future__ import annotations

import ast
from pathlib import Path

from .helpers.breaks import planted
from .helpers.imports import PACKAGE, ROOT, Code

WORKFLOW = f"{PACKAGE}.domain.workflow"
ENTRANCE = f"{WORKFLOW}.workflow"
BEHIND_IT = {
    f"{WORKFLOW}.{name}"
    for name in ("corrections", "inventory_changed", "inventory_delta", "update_inventory_qty")
}
"""What events, records of batches and mutations run."""

CHANGES = {
    *("add_position", "new_details_of", "note_change", "write_on_hand"),
    *("put_quantity", "retire_transients", "set_aside_plain_count", "set_quantity", "set_type"),
}
"""Methods of a catalogue that change positions or quantities, where the name is its alone."""
MAY_CHANGE = ("domain/catalogue", "domain/workflow")


def past_the_entrance(code: Code) -> list[str]:
    """Imports of what only the entrance may call."""
    return [
        f"{module} imports {other}"
        for module, others in code.imports.items()
        for other in sorted(others & BEHIND_IT)
        if module != ENTRANCE
    ]


def changed_elsewhere(simulator: Path) -> list[str]:
    """Calls of a catalogue's changing methods outside of the rooms that may change stock."""
    return [
        f"{path.relative_to(simulator).as_posix()} calls {node.func.attr}"
        for path in sorted(simulator.rglob("*.py"))
        if not path.relative_to(simulator).as_posix().startswith(MAY_CHANGE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGES
    ]


def test_only_the_entrance_imports_what_changes_stock() -> None:
    code = Code()

    assert past_the_entrance(code) == []
    assert code.imports[ENTRANCE] >= BEHIND_IT


def test_nothing_but_what_comes_in_there_changes_a_position_or_a_quantity() -> None:
    assert changed_elsewhere(ROOT / "simulator") == []


def test_a_way_past_the_entrance_is_found(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        simulator__worker="from .domain.workflow.corrections import create_quantity\n",
        simulator__domain__workflow__corrections="",
    )

    assert past_the_entrance(code) == [f"{PACKAGE}.worker imports {WORKFLOW}.corrections"]


def test_a_change_past_the_entrance_is_found(tmp_path: Path) -> None:
    planted(tmp_path, simulator__worker="c.put_quantity(1, 'r', 'DELTA', 1, 0, source)\n")

    assert changed_elsewhere(tmp_path / "simulator") == ["worker.py calls put_quantity"]
