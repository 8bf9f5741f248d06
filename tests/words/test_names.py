"""How sentences name DAGs and tasks: as Airflow's pages show them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ecampus.words import names

PACKAGE = Path(__file__).parents[2] / "plugins" / "ecampus"
ID = re.compile(rf"\b({'|'.join(names.DAGS)})\b")


def test_a_sentence_names_a_dag_and_a_task_between_quotes():
    assert names.dag("ecampus_offer") == "« 3. Offre de formation (04h00) »"
    assert names.dag("ecampus_approve") == "« Décisions (06h15) »"
    assert names.task("apply") == "« Écrire dans ecampus »"


def sentences(file: Path) -> list[str]:
    """The texts of several words in a file, docstrings apart."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told_apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in texts if id(node) not in told_apart and " " in node.value]


@pytest.mark.parametrize("room", sorted(path.name for path in PACKAGE.iterdir() if path.is_dir()))
def test_no_sentence_names_a_dag_by_its_id(room):
    found = [text for file in sorted((PACKAGE / room).rglob("*.py")) for text in sentences(file) if ID.search(text)]
    assert [text for text in found if "ariable" not in text] == []
