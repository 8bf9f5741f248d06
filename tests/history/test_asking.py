"""The changes of a night, of somebody, of a course, a group, an étape, a composante, as records and as sentences."""

from __future__ import annotations

from datetime import date

import pytest

from chronicle import NIGHT, kept
from ecampus.history import asking
from ecampus.history.asking import Asked, Page
from ecampus.store.files import Store
from ecampus.words import history as words

EVE = date(2026, 10, 31)
FIRST = """object | verb | key | name | scope | place | moodle_id
course | create | L1 | L1 - algèbre linéaire | SCIENCES | L1 | 7
course | create | L2 | L2 - droit | DROIT | L2 | 8"""
ARCHIVED = """object | verb | key | name | scope | place | username | moodle_id | unit
enrolment | copy_key | ex_L1 / e1 / student | | SCIENCES | ex_L1 | e1 | | course~archive~L1
enrolment | copy_key | ex_L1 / e2 / student | | SCIENCES | ex_L1 | e2 | | course~archive~L1
course | archive | L1 | L1 - algèbre linéaire | SCIENCES | ex_L1 | | 7 |
course | archive | L2 | L2 - droit | DROIT | ex_L2 | | 8 |
course | create | L3 | L3 - chimie | SCIENCES | L3 | | 9 |
enrolment | drop_key | L1 / e1 / student | | SCIENCES | L1 | e1 | | course~archive~L1
enrolment | drop_key | L1 / e2 / student | | SCIENCES | L1 | E2 | | course~archive~L1"""
GROUPS = """object | verb | key | name | scope | place | username | course_id | user_id | outcome | message
group | create | L3 / TD1 | Chimie TD1 | SCIENCES | TD1 | | 9 | | |
group_member | add | L3 / TD1 / e1 | | SCIENCES | TD1 | e1 | 9 | 41 | |
group_member | remove | L3 / TD10 / e2 | | SCIENCES | TD10 | e2 | 9 | 42 | failed | Groupe inconnu."""
ACCOUNTS = """object | verb | key | name | place | moodle_id | before | after
account | rename | e9 | | 22100001 | 41 | {"username": "e1"} | {"username": "e9"}
account | update | e2 | NOM Prénom | | 42 | {"lastname": "Avant"} | {"lastname": "Après", "email": "a@b.fr"}"""
COHORTS = """object | verb | key | place | username
cohort | create | VET1 | VET1 |
cohort_member | add | VET1 / e1 | VET1 | e1
cohort_member | add | VET10 / e1 | VET10 | e1"""
HELD = "object | verb | key | name | scope | place | moodle_id ; course | archive | L3 | L3 - chimie | SCIENCES | ex_L3 | 9"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two nights, of two months."""
    found = Store(tmp_path_factory.mktemp("nuits"))
    kept(found, EVE, done=FIRST)
    kept(found, NIGHT, done=ARCHIVED, held=HELD)
    kept(found, NIGHT, phase="groups", done=GROUPS)
    kept(found, NIGHT, phase="users", done=ACCOUNTS)
    kept(found, NIGHT, phase="cohorts", done=COHORTS)
    return found


def told(found: Page) -> list[str]:
    return [f"{line.night[5:]} {words.told(line)}" for line in found.lines]


ARCHIVE_L1 = "11-23 Cours archivé : L1 - algèbre linéaire (devient ex_L1), 2 personnes gardées"
ARCHIVE_L2 = "11-23 Cours archivé : L2 - droit (devient ex_L2)"
TO_ARCHIVE = "11-23 Cours à archiver : L3 - chimie (devient ex_L3)"
CREATE_L1 = "10-31 Cours créé : L1 - algèbre linéaire (catégorie CAT)"
CREATE_L3 = "11-23 Cours créé : L3 - chimie (catégorie CAT)"
GROUP = "11-23 Groupe créé : L3 / TD1 « Chimie TD1 »"
MEMBER = "11-23 Membre de groupe ajouté : L3 / TD1 / e1"
REFUSED = "11-23 Membre de groupe à retirer : L3 / TD10 / e2"
RENAMED = "11-23 Compte renommé : e9 (s'appelait e1)"


def test_of_a_night_what_takes_away_comes_first_and_the_rows_of_a_moved_key_are_folded(store):
    found = asking.page(store, Asked.of_night("2026-11-23", phase="offer"))
    assert found.total == 4
    assert told(found) == [ARCHIVE_L1, ARCHIVE_L2, TO_ARCHIVE, CREATE_L3]
    assert [(line.takes, line.kept, line.outcome) for line in found.lines] == [
        (True, 2, "done"), (True, None, "done"), (True, None, "held"), (False, None, "done"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        (Asked(people=("e1", "22100001")), [MEMBER, RENAMED, "11-23 Membre de cohorte ajouté : VET1 / e1", "11-23 Membre de cohorte ajouté : VET10 / e1", ARCHIVE_L1]),
        (Asked(people=("E2",), phase="offer"), [ARCHIVE_L1]),
        (Asked(people=("22100001",)), [RENAMED]),
        (Asked(people=("personne",)), []),
        (Asked(course="l1"), [ARCHIVE_L1, CREATE_L1]),
        (Asked(course="ex_L1"), [ARCHIVE_L1]),
        (Asked(course="L3"), [REFUSED, TO_ARCHIVE, MEMBER, GROUP, CREATE_L3]),
        (Asked(course_id=9, phase="groups"), [REFUSED, MEMBER, GROUP]),
        (Asked(course="L3", group="TD1"), [GROUP, MEMBER]),
        (Asked(group="td1"), [GROUP, MEMBER]),
        (Asked(cohort="VET1"), ["11-23 Cohorte créée : VET1", "11-23 Membre de cohorte ajouté : VET1 / e1"]),
        (Asked(scope="DROIT"), [ARCHIVE_L2, "10-31 Cours créé : L2 - droit (catégorie CAT)"]),
        (Asked(words="ALGEBRE l1"), [ARCHIVE_L1, CREATE_L1]),
        (Asked(words="algèbre", first="2026-11-01"), [ARCHIVE_L1]),
        (Asked(outcome="failed"), [REFUSED]),
        (Asked(outcome="held"), [TO_ARCHIVE]),
    ],
)  # fmt: skip
def test_whatever_is_asked_only_that_is_told(store, asked, lines):
    found = asking.page(store, asked)
    assert found.total == len(lines)
    assert sorted(told(found)) == sorted(lines)


def test_pages_follow_each_other_under_one_total(store):
    asked = Asked(scope="SCIENCES")
    whole = asking.page(store, asked)
    parts = [asking.page(store, asked, number, 3) for number in (1, 2, 3)]
    assert [line for part in parts for line in part.lines] == whole.lines
    assert {part.total for part in parts} == {whole.total} == {7}


def test_no_name_of_a_person_is_in_it(store):
    account = asking.page(store, Asked(people=("e2",), phase="users")).lines[0]
    assert (account.name, account.before, account.after) == ("", '{"lastname": ""}', '{"lastname": "", "email": ""}')
    assert words.told(account) == "Compte mis à jour : e2 (nom, courriel)"


def test_what_was_refused_keeps_the_words_of_moodle(store):
    (line,) = asking.page(store, Asked(outcome="failed")).lines
    assert line.message == "Groupe inconnu."


def test_a_night_is_summed_up_in_one_sentence(store):
    offer = asking.totals(store, Asked.of_night("2026-11-23", phase="offer"))
    assert words.summed(offer) == "2 cours archivés, 2 personnes gardées ; 1 cours créé"
    assert words.summed(asking.totals(store, Asked.of_night("2026-11-24"))) == "aucun changement"
    assert asking.page(store, Asked.of_night("2026-11-23", phase="offer"), size=1).totals == offer


def test_two_nights_stand_side_by_side(store):
    pairs = asking.compared(store, "2026-10-31", "2026-11-23", phase="offer")
    assert [(one and one.number, other and (other.verb, other.outcome, other.number)) for one, other in pairs] == [
        (None, ("archive", "done", 2)), (None, ("archive", "held", 1)), (2, ("create", "done", 1)),
    ]  # fmt: skip


def test_a_store_without_history_answers_nothing(tmp_path):
    assert asking.page(Store(tmp_path), Asked()) == Page(0, [], [])


def test_a_row_copied_for_a_key_that_a_killed_run_did_not_move_stays_a_line(tmp_path):
    store = Store(tmp_path)
    copied = [line for line in ARCHIVED.splitlines() if "object" in line or "copy_key" in line]
    kept(store, done="\n".join(copied))
    assert told(asking.page(store, Asked())) == [
        "11-23 Inscription gardée : ex_L1 / e1 / student", "11-23 Inscription gardée : ex_L1 / e2 / student",
    ]  # fmt: skip
