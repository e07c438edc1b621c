"""Each guard of who imports whom fails on a break, and says what it is and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .helpers.breaks import planted, told
from .helpers.imports import PACKAGE, ROOT
from .test_imports import (
    every_import_can_be_read,
    every_import_is_allowed,
    every_room_has_a_row,
    every_row_is_needed,
    no_files_import_each_other,
    no_rooms_import_each_other,
    no_two_classes_have_one_name,
    no_two_modules_have_one_name,
)

HIDDEN = {
    "plain": "from . import one\n",
    "by its full name": "import fluent_oms_simulator.contracts.rules.one\n",
    "in a function": "def f():\n    from .one import x\n",
    "through the folder": "from fluent_oms_simulator.contracts import rules\nrules.one.x\n",
    "by import_module": "import_module('fluent_oms_simulator.contracts.rules.one')\n",
    "by import_module and a relative name": "importlib.import_module('.one', __package__)\n",
    "by import_module and a way up": "import_module('..rules.one', __package__)\n",
    "by import_module and keywords": "import_module(package=__package__, name='.one')\n",
    "by import_module and a package": (
        "import_module('.rules.one', 'fluent_oms_simulator.contracts')\n"
    ),
    "by a computed name": "NAMES = ['one']\nimport_module(f'{__package__}.{NAMES[0]}')\n",
    "by a computed relative name": "N = 'one'\nimport_module('.' + N, package=__package__)\n",
    "for types": "if TYPE_CHECKING:\n    from .one import X\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_a_circle_of_two_files_is_found_however_it_is_hidden(tmp_path: Path, text: str) -> None:
    code = planted(
        tmp_path, contracts__rules__one="from .two import x\n", contracts__rules__two=text
    )

    with told("rules/one.py imports contracts/rules/two.py", "rules/two.py imports", "circle"):
        no_files_import_each_other(code)
    every_import_can_be_read(code)


CANNOT_BE_READ = {
    "under another name": "from importlib import import_module as load\nload('.one', 'p')\n",
    "by the function itself": "load = importlib.import_module\n",
    "by the function's name": "getattr(importlib, 'import_module')('.one', __package__)\n",
    "by __import__": "__import__('fluent_oms_simulator.contracts.rules.one')\n",
    "by pkgutil": "pkgutil.resolve_name('fluent_oms_simulator.contracts.rules.one')\n",
    "by pkgutil under another name": "from pkgutil import resolve_name as look_up\n",
    "by runpy": "runpy.run_module('fluent_oms_simulator.contracts.rules.one')\n",
    "by what is executed": "exec('from .one import x')\n",
    "by a computed package": "PK = 'fluent_oms_simulator'\nimport_module(f'{PK}.contracts')\n",
    "by a name from elsewhere": "import_module(name, __package__)\n",
    "by a word that the file does not have": "import_module(f'{__package__}.{word}')\n",
    "by a package from elsewhere": "import_module('.one', package)\n",
    "by no name": "import_module(**names)\n",
    "by all of a list": "import_module(*names)\n",
    "by a way up beyond the top": "import_module('......one', __package__)\n",
    "without its package": "import_module('.one')\n",
}


@pytest.mark.parametrize("text", CANNOT_BE_READ.values(), ids=CANNOT_BE_READ)
def test_an_import_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, contracts__rules__two=text, contracts__rules__one="")

    with told("contracts/rules/two.py:", "Write an import statement"):
        every_import_can_be_read(code)
    assert code.imports["fluent_oms_simulator.contracts.rules.two"] == set()


def test_a_circle_that_keeps_our_code_from_loading_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text("from .one import Settings\n", "utf-8")
    (tmp_path / PACKAGE / "one.py").write_text("from . import Settings\n", "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }

    def collect(*options: str) -> subprocess.CompletedProcess[str]:
        guards = ["-p", "no:cacheprovider", "--collect-only", "-q", "tests/guards/test_imports.py"]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *guards, *options],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    stopped = collect()
    assert stopped.returncode != 0
    assert "pytest --noconftest tests/guards/test_imports.py" in stopped.stderr
    alone = collect("--noconftest")
    assert alone.returncode == 0, alone.stdout
    assert "test_no_files_import_each_other_in_a_circle" in alone.stdout


def test_a_circle_of_folders_is_found_where_no_files_make_one(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        loadtests__users__one="from ..running.two import x\n",
        loadtests__users__three="",
        loadtests__running__two="",
        loadtests__running__four="from ..users import three\n",
    )

    no_files_import_each_other(code)
    with told("loadtests/users imports loadtests/running", "loadtests/running imports", "circle"):
        no_rooms_import_each_other(code)


@pytest.mark.parametrize(
    "text",
    [
        "from fluent_oms_simulator.contracts.rules.one import x\n",
        "import_module('fluent_oms_simulator.contracts.rules.one')",
        "def f():\n    import_module('..contracts.rules.one', __package__)\n",
    ],
)
def test_an_import_that_the_table_does_not_have_is_found(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, simulator__domain__events=text, contracts__rules__one="")

    with told(
        "simulator/domain/events.py imports contracts/rules/one.py: simulator/domain may not import"
        " contracts/rules",
        "MAY_IMPORT",
    ):
        every_import_is_allowed(code)


def test_a_new_folder_is_asked_for_its_row(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        simulator__newroom__one="from ..domain import two\n",
        simulator__domain__two="",
        simulator__new_module="",
    )

    with told("simulator/newroom has no row", "simulator/new_module.py has no row", "make readme"):
        every_room_has_a_row(code)
    with told("newroom/one.py imports", "simulator/newroom may not import simulator/domain"):
        every_import_is_allowed(code)


def test_a_row_that_nobody_needs_is_told(tmp_path: Path) -> None:
    code = planted(tmp_path, simulator__domain__catalogue__one="")

    with told(
        "contracts/rules has a row, and is not there",
        "simulator/domain/catalogue may import simulator/domain, and does not",
        "MAY_IMPORT",
    ):
        every_row_is_needed(code)


def test_two_of_one_name_are_told(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        simulator__stores__keeping="class Kept: ...\n",
        simulator__domain__keeping="class Kept: ...\n",
    )

    both = "simulator/domain/keeping.py, simulator/stores/keeping.py"
    with told(f"keeping: {both}", "Give one of them a name"):
        no_two_modules_have_one_name(code)
    with told(f"Kept: {both}", "Give one of them a name"):
        no_two_classes_have_one_name(code)


FOR_TYPES_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .one import One\n"


@pytest.mark.parametrize(
    "use", ["isinstance(it, One)\n", "def f(it: One) -> None: ...\n", "class Two(One): ...\n"]
)
def test_an_import_for_types_that_is_needed_when_it_runs_is_told(use: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--stdin-filename", "contracts/two.py", "-"],
        cwd=ROOT,
        input=FOR_TYPES_ONLY + use,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "TC004 Move import `.one.One` out of type-checking block" in found.stdout
