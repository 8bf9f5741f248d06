"""The life of a course, under whatever code it had."""

from __future__ import annotations

from datetime import timedelta

from chronicle import NIGHT, kept
from ecampus.history import life
from ecampus.store.files import Store
from ecampus.words.history import lived
from ecampus.words.why_courses import recoded

HEADER = "object | verb | key | name | place | moodle_id | outcome | before"
NIGHTS = [
    "course | create | L1 | L1 - un | L1 | 7 | |",
    "course | rename | L1 | L1 - deux | L1 | 7 | | {\"fullname\": \"L1 - un\"}",
    "course | move | L1 | L1 - deux | L1 | 7 | failed |",
    "course | move | L1 | L1 - deux | L1 | 7 | |",
    "course | archive | L1 | L1 - deux | ex_L1 | 7 | |",
    "course | restore | L1 | L1 - deux | L1 | 7 | |",
    "course | recode | L9 | L9 - deux | L9 | 7 | | {\"code\": \"L1\"}",
    "course | create | L1 | L1 - un autre | L1 | 8 | |",
]  # fmt: skip
OF_7 = [
    "11-23 créé (catégorie CAT)", "11-24 renommé (s'appelait « L1 - un »)", "11-26 déplacé (de CAT1 vers CAT2)",
    "11-27 archivé (devient ex_L1)", "11-28 revenu (était ex_L1)", "11-29 recodé (avait le code L1)",
]  # fmt: skip


def lives(store: Store) -> Store:
    for days, row in enumerate(NIGHTS):
        kept(store, NIGHT + timedelta(days=days), done=f"{HEADER}\n{row}")
    return store


def test_it_is_told_from_its_creation_on_whatever_its_code_became(tmp_path):
    store = lives(Store(tmp_path))
    for found in (life.of_course(store, "L9"), life.of_course(store, id_=7)):
        assert [f"{event.night[5:]} {lived(event)}" for event in found] == OF_7


def test_a_code_that_passed_to_another_course_tells_both_apart(tmp_path):
    found = life.of_course(lives(Store(tmp_path)), "l1")
    assert [event.moodle_id for event in found] == [7, 7, 7, 7, 7, 7, 8]


def test_a_code_that_was_given_up_leads_to_the_one_that_took_its_place_and_so_on(tmp_path):
    store = lives(Store(tmp_path))
    kept(
        store,
        NIGHT + timedelta(days=9),
        done=f'{HEADER}\ncourse | recode | L12 | L12 - deux | L12 | 7 | | {{"code": "L9"}}',
    )
    (first, then) = life.recoded(store, "l1")
    assert (first.key, then.key) == ("L9", "L12")
    assert recoded(first) == (
        "L1 est devenu L9, la nuit du 29 novembre 2026 : le même espace, avec ses personnes, a changé de code."
    )
    assert life.recoded(store, "L12") == []


def test_of_what_was_adopted_and_given_up_it_says_so(tmp_path):
    store = Store(tmp_path)
    kept(store, done=f"{HEADER}\ncourse | create | L1 | L1 - un | L1 | 7 | adopted |")
    kept(store, NIGHT + timedelta(days=1), done=f"{HEADER}\ncourse | create | L1 | L1 - un | L1 | 7 | released |")
    assert [lived(event) for event in life.of_course(store, "L1")] == ["adopté", "rendu"]


def test_a_course_that_no_night_touched_has_none(tmp_path):
    assert life.of_course(lives(Store(tmp_path)), "INCONNU") == []
