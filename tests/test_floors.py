"""Imports go one way: a room imports those below it, files never go round in circles, Airflow is known in two rooms
and in one file of a third."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "plugins" / "ecampus"
FLOORS = (
    "errors", "calendar", "kinds", "limits", "joins", "shapes", "words", "contract", "sources", "moodle", "register", "rules", "changes", "safety",
    "store", "explain", "history", "apply", "night", "orchestration", "pages", "local",
)  # fmt: skip
"""From the ground up."""
WITH_AIRFLOW = {"orchestration", "local"}
OF_PAGES = {"pages.access"}
"""The one file of the pages that knows Airflow."""


def imports() -> dict[str, set[str]]:
    """File → what it imports, wherever in the file; the package's own files without ``ecampus.``."""
    return {name(path): set(imported(path)) for path in sorted(PACKAGE.rglob("*.py"))}


def name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [file_or_name(f"{node.module}.{alias.name}") for alias in node.names]
    return [module.removeprefix("ecampus.") for module in found]


def file_or_name(module: str) -> str:
    """``ecampus.words.speech`` of ``from ecampus.words import speech`` and of ``from ecampus.words.speech import counted``."""
    path = PACKAGE.parent / Path(*module.split("."))
    there = path.with_suffix(".py").exists() or (path / "__init__.py").exists()
    return module if there or not module.startswith("ecampus.") else module.rpartition(".")[0]


def within(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Only what is imported of the package itself."""
    return {file: {other for other in others if other in found} for file, others in found.items()}


def room(file: str) -> str:
    return file.partition(".")[0]


def test_every_room_has_its_floor():
    assert {room(file) for file in imports() if file} == set(FLOORS)


def test_a_room_imports_only_the_rooms_below_it():
    up = {
        (file, other)
        for file, others in within(imports()).items()
        for other in others
        if file and FLOORS.index(room(other)) > FLOORS.index(room(file))
    }
    assert up == set()


def test_no_file_imports_itself_through_others():
    found = within(imports())
    try:
        TopologicalSorter({file: others - {file} for file, others in found.items()}).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None


def test_only_the_orchestration_the_local_commands_and_what_closes_the_pages_know_airflow():
    knowing = {file for file, others in imports().items() if any(room(other) == "airflow" for other in others)}
    assert {file for file in knowing if room(file) not in WITH_AIRFLOW} == OF_PAGES


def test_the_package_never_imports_the_sandbox_nor_the_bench():
    beside = {"sandbox", "bench"}
    assert {file for file, others in imports().items() if any(room(other) in beside for other in others)} == set()


def test_what_clears_up_needs_nothing_but_python():
    """``make clean`` works before anything is installed."""
    found = imports()
    reached, waiting = set(), {"local.clean_command"}
    while waiting:
        file = waiting.pop()
        reached.add(file)
        waiting |= (within(found)[file]) - reached
    outside = {room(other) for file in reached for other in found[file] - set(found)}
    assert outside <= set(sys.stdlib_module_names)
