"""Every rule says what it is for, and its examples show it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.contracts import rules as package
from fluent_oms_simulator.contracts.all_rules import (
    FAMILIES,
    RULES,
    UnknownRule,
    file_of,
    rule,
    select,
)
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Finding, Observation, Rule, Severity
from fluent_oms_simulator.contracts.validation.file_faults import FILE_RULES

rules = pytest.mark.parametrize("checked", RULES, ids=[kind.id for kind in RULES])


def found_by(checked: type[Rule], observations: list[Observation]) -> list[Finding]:
    """What one rule finds in observations in a row."""
    checker = Checker([checked])
    found: list[Finding] = []
    for observation in observations:
        found += checker.check(observation)
    last = observations[-1].at if observations else None
    found += checker.finish(last)
    return found


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["rules", *args])


def test_every_rule_has_an_id_of_its_own_and_a_family() -> None:
    ids = [kind.id for kind in RULES]

    assert len(set(ids)) == len(ids)
    assert [found for found in ids if not re.fullmatch(r"FOMS-[BEJSO][0-9]{3}", found)] == []
    assert {found[5] for found in ids} == set(FAMILIES)


def test_a_rules_id_leads_to_its_file() -> None:
    """`contracts/rules/__init__.py` has the table."""
    homes: dict[str, list[str]] = {}
    for kind in RULES:
        homes.setdefault(file_of(kind).removeprefix("contracts/rules/"), []).append(kind.id[5:])
    table = "".join(f"{home:<32}{' '.join(ids)}\n" for home, ids in homes.items())

    told = f"the docstring of contracts/rules/__init__.py needs this table:\n\n{table}"
    assert table in (package.__doc__ or ""), told


def test_every_file_with_a_rule_is_read() -> None:
    folder = Path(package.__path__[0])
    with_rules = {
        f"contracts/rules/{path.relative_to(folder).as_posix()}"
        for path in folder.glob("*/*.py")
        if 'id = "FOMS-' in path.read_text(encoding="utf-8")
    }
    unread = sorted(with_rules - {file_of(kind) for kind in RULES})

    assert not unread, (
        f"_FILES of contracts/all_rules.py does not name {', '.join(unread)}, so that nobody is"
        " told what the rules there find"
    )


TESTS = {
    path: path.read_text(encoding="utf-8")
    for folder in ("contracts", "admin")
    for path in (Path(__file__).parents[1] / folder).glob("test_*.py")
}


@rules
def test_a_rule_has_a_case_in_a_test_beside_its_own_examples(checked: type[Rule]) -> None:
    number = checked.id.removeprefix("FOMS-")
    named = [
        path
        for path, text in TESTS.items()
        if path != Path(__file__) and re.search(rf"\b{number}\b", text)
    ]

    assert named, (
        f"no test names {number}: write a case into the table of tests/contracts/"
        "test_payload_rules.py (batches, jobs) or test_payload_rules_events.py, or a test of its"
        " own"
    )


@rules
def test_a_rule_stands_in_the_folder_of_its_family(checked: type[Rule]) -> None:
    assert file_of(checked).startswith(f"contracts/rules/{FAMILIES[checked.id[5]]}/")


@rules
def test_a_rule_says_why_it_is_there_in_sentences(checked: type[Rule]) -> None:
    assert checked.severity in Severity
    assert checked.sees
    assert (
        checked.title[0].isupper()
        or checked.title.split()[0].isidentifier()
        or "." in checked.title
    )
    assert not checked.title.endswith(".")
    assert checked.reason.endswith(".")
    assert checked.hint.endswith(".")
    assert re.search(r"Fluent docs: .*\d|Inferred: ", checked.evidence)


@rules
def test_the_good_examples_of_a_rule_are_free_of_it(checked: type[Rule]) -> None:
    assert checked.good
    assert found_by(checked, list(checked.good)) == []


@rules
def test_the_bad_examples_of_a_rule_are_found(checked: type[Rule]) -> None:
    found = found_by(checked, list(checked.bad))

    assert {(finding.rule_id, finding.severity) for finding in found} == {
        (checked.id, checked.severity)
    }
    assert all(finding.found and finding.expected for finding in found)


@rules
def test_the_good_examples_of_a_rule_break_no_schema(checked: type[Rule]) -> None:
    shapes = select(["FOMS-B000", "FOMS-E000", "FOMS-J000"])

    assert [f for shown in checked.good for f in Checker(shapes).check(shown)] == []


@pytest.mark.parametrize("family", "BEJ")
def test_good_examples_of_payloads_break_no_other_rule_about_payloads(family: str) -> None:
    others = select([f"FOMS-{family}"])

    assert [
        (checked.id, finding)
        for checked in others
        for shown in checked.good
        for finding in Checker(others).check(shown)
    ] == []


@rules
def test_a_rule_has_a_page(checked: type[Rule]) -> None:
    result = run(checked.id)

    assert result.exit_code == 0
    flat = " ".join(result.output.split())
    for text in (checked.title, checked.reason, checked.evidence, checked.hint, file_of(checked)):
        assert " ".join(text.split()) in flat


def test_the_table_lists_every_rule() -> None:
    result = run()

    assert result.exit_code == 0
    assert [kind.id for kind in RULES if kind.id not in result.output] == []


def test_the_beginning_of_an_id_lists_what_begins_with_it() -> None:
    result = run("foms-j")

    assert "FOMS-J010" in result.output
    assert "FOMS-B000" not in result.output


def test_rules_are_printed_as_json_with_examples_that_can_be_sent() -> None:
    listed = json.loads(run("--format", "json").output)
    page = json.loads(run("FOMS-B110", "--format", "json").output)

    assert [row["id"] for row in listed] == [
        *(kind.id for kind in RULES),
        *(kind.id for kind in FILE_RULES),
    ]
    assert page["bad"][0]["batch"]["entities"][0]["qty"] == -20
    assert page["severity"] == "error"


def test_a_rule_about_files_has_a_page_too() -> None:
    output = run("foms-f003").output

    assert output.startswith("FOMS-F003 (error): The text is not JSON")
    assert "Repair the text" in output


def test_the_page_of_a_payload_rule_shows_the_payload_itself() -> None:
    output = run("FOMS-B110").output
    good = output[output.index("Good:") + 5 : output.index("Bad:")]

    assert json.loads(good)["entities"][0]["qty"] == 0


@pytest.mark.parametrize("rule_id", ["FOMS-Y001", "B000", "FOMS-B0000", "*", " "])
def test_an_unknown_rule_is_refused_in_a_sentence(rule_id: str) -> None:
    result = run(rule_id)

    assert result.exit_code == 2
    assert "fluent-sim rules" in result.output
    assert "Traceback" not in result.output


def test_rules_are_selected_and_ignored_by_the_beginning_of_their_id() -> None:
    ids = [kind.id for kind in select(["FOMS-B1", "foms-e200"], ["FOMS-B12"])]

    assert ids == ["FOMS-B110", "FOMS-B130", "FOMS-B140", "FOMS-B150", "FOMS-B160", "FOMS-E200"]
    assert select() == RULES


def test_selecting_what_no_rule_begins_with_is_an_error() -> None:
    with pytest.raises(UnknownRule, match="FOMS-Q"):
        select(["FOMS-Q"])
    with pytest.raises(UnknownRule, match="FOMS-Q"):
        select(ignore=["FOMS-Q"])


def test_a_rule_is_found_by_its_id() -> None:
    assert rule("foms-b110").title == "A LAST_ON_HAND is negative"
    with pytest.raises(UnknownRule, match="FOMS-B111"):
        rule("FOMS-B111")
