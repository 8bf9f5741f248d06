"""The guides in French say what is there: each anomaly, each reason, and no command, file or sentence that is not."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from ecampus.rules import accounts, cohorts, offer, teaching
from ecampus.words import names
from ecampus.words.catalogue import CATALOGUE

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CLERKS = (DOCS / "guide-scolarite.md").read_text(encoding="utf-8")
ENGINEERS = (DOCS / "exploitation.md").read_text(encoding="utf-8")
GUIDES = {"guide-scolarite.md": CLERKS, "exploitation.md": ENGINEERS}
GUIDE = pytest.mark.parametrize("text", GUIDES.values(), ids=GUIDES)

SECTION = re.compile(r'^#### <a id="(\w+)"></a>.+\n\n`(\w+)` · (.+)\n((?:.*\n)*?)(?=#|\Z)', re.MULTILINE)
PARTS = ["Pourquoi", "La page", "À faire", "Qui"]
LADDERS = (
    offer.course_verdicts, teaching.places, teaching.student_seats, teaching.Known.rungs, teaching.teacher_seats,
    cohorts.memberships, accounts,
)  # fmt: skip
NO_RUNG = {"LDAP", "FOAD", "CEMU", "REFER"}


def rungs() -> set[str]:
    """The verdicts of every ladder, as the docstrings of the rules tell them."""
    words = {word for ladder in LADDERS for word in re.findall(r"\b[A-Z]+(?:_[A-Z]+)*\b", ladder.__doc__ or "")}
    return {word for word in words if len(word) > 3} - NO_RUNG


def anchors(text: str) -> list[str]:
    return re.findall(r'<a id="([^"]+)"></a>', text)


def headings(text: str) -> set[str]:
    """The anchors that a renderer of Markdown gives to the headings without one of their own."""
    plain = re.findall(r"^#+ ([^<\n]+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}


def code(text: str) -> list[str]:
    """What stands between back quotes, each on one line."""
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", text)]


def test_every_anomaly_has_its_section_under_its_code_in_lower_case():
    sections = [(anchor, name) for anchor, name, _, _ in SECTION.findall(CLERKS)]
    assert sorted(sections) == sorted((name.lower(), name) for name in CATALOGUE)


def test_a_section_says_of_which_trap_it_is_and_where_it_is_mended():
    for _, name, told, _ in SECTION.findall(CLERKS):
        traps = [f"piège {trap}" for trap in CATALOGUE[name].traps]
        assert told == " · ".join([*traps, f"à corriger dans {CATALOGUE[name].where}"]), name


def test_a_section_says_why_what_the_page_shows_what_to_do_and_whom_to_ask():
    assert {
        name: re.findall(r"^- \*\*(.+?)\.\*\* ", body, re.MULTILINE) for _, name, _, body in SECTION.findall(CLERKS)
    } == (dict.fromkeys(CATALOGUE, PARTS))


def test_an_event_says_how_many_nights_it_is_shown():
    told = {
        name for _, name, _, body in SECTION.findall(CLERKS) if "il est montré sept nuits" in " ".join(body.split())
    }
    assert told == {name for name, anomaly in CATALOGUE.items() if anomaly.event}


def test_every_rung_of_every_ladder_has_its_line():
    told = re.findall(r'^\| <a id="raison-(\w+)"></a>`(\w+)` \|', CLERKS, re.MULTILINE)
    assert sorted(told) == sorted((rung.lower(), rung) for rung in rungs())


def test_no_code_is_spoken_of_that_does_not_exist():
    assert set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", CLERKS)) <= {*CATALOGUE, *rungs()}


@GUIDE
def test_an_anchor_stands_once(text):
    assert sorted(anchors(text)) == sorted(set(anchors(text)))


@GUIDE
def test_no_two_headings_read_alike(text):
    titles = [
        re.sub(r"<[^>]*>|[^\w ]", "", heading).strip().lower()
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    ]
    assert sorted(titles) == sorted(set(titles))


@GUIDE
def test_every_link_leads_somewhere(text):
    astray = []
    for path, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
        if path and not (DOCS / path).is_file():
            astray.append(path)
            continue
        there = (DOCS / path).read_text(encoding="utf-8") if path.endswith(".md") else text
        if anchor and anchor not in {*anchors(there), *headings(there)}:
            astray.append(f"{path}#{anchor}")
    assert astray == []


@GUIDE
def test_every_command_is_one_of_the_makefile_with_its_options(text):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    commands = [found for found in code(text) if found.startswith("make ")]
    asked = {command.split()[1] for command in commands}
    options = {option for command in commands for option in re.findall(r"\b([A-Z]+)=", command)}
    assert asked <= targets
    assert {option for option in options if f"$({option})" not in makefile} == set()


@GUIDE
def test_every_dag_variable_and_setting_is_known(text):
    dags = {path.stem for path in (ROOT / "dags").glob("*.py")}
    known = "\n".join(strings())
    names = set(re.findall(r"\becampus_[a-z_]+[a-z]\b|\bECAMPUS_[A-Z]+\b", text))
    assert {name for name in names - dags if name not in known} == set()


@GUIDE
def test_a_dag_and_a_task_are_named_as_airflow_shows_them(text):
    parameters = {"release"}
    variables = set(re.findall(r"Variable `(ecampus_\w+)`", text))
    assert {found for found in code(text) if found in {*names.DAGS, *names.TASKS}} - parameters - variables == set()


def test_the_engineers_guide_speaks_of_every_dag_beside_the_night():
    beside = [names.dag(dag) for dag in names.DAGS if dag not in names.NIGHT]
    assert [named for named in beside if named not in " ".join(ENGINEERS.split())] == []


@GUIDE
def test_every_file_and_folder_is_there(text):
    paths = [
        found for found in code(text) if re.fullmatch(r"\.?[\w.-]+(/[\w.-]+)*(/|\.(md|py|toml|sql|yaml|txt))", found)
    ]
    absent = [path for path in paths if not (ROOT / path).exists() and path not in MADE_BY_HAND]
    assert absent == []


MADE_BY_HAND = {"secrets/"}
"""Of the administrator, beside the project (docs/deployment.md)."""


@cache
def strings() -> list[str]:
    """Every text of the package, as its sentences are written; what is filled in is «…»."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "plugins").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [
        re.sub(r"\{\w+\}", "…", text)
        for text in [*plain, *(filled(node) for node in nodes if isinstance(node, ast.JoinedStr))]
    ]


def filled(node: ast.JoinedStr) -> str:
    parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "".join(map(str, parts))


def test_every_sentence_of_a_bad_night_is_one_that_ecampus_says():
    night = ENGINEERS.partition("## Une mauvaise nuit")[2].partition("\n## ")[0]
    first = [line.split(" | ")[0] for line in night.splitlines() if line.startswith("| «")]
    quoted = [part for cell in first for part in re.findall(r"« (.+?) »(?=, «|$)", cell)]
    said = strings()
    assert len(quoted) > 20
    assert [part for part in quoted if not any(part in sentence for sentence in said)] == []
