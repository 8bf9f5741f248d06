"""One bad item never sinks the rest: isolated, named with Moodle's words, retried next night (design §4.8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from campus import REFUSED_EVERY_NIGHT, Campus, copied, night_after, opened

from ecampus.night import PHASES
from sandbox.moodle.envelope import failure
from sandbox.moodle.errors import MoodleError

WORDS = "Refusé par une extension du site"

CREATIONS = {
    "core_user_create_users": ("users", "account", "create"),
    "core_cohort_create_cohorts": ("cohorts", "cohort", "create"),
    "core_cohort_add_cohort_members": ("cohorts", "cohort_member", "add"),
    "core_course_create_categories": ("offer", "category", "create"),
    "core_course_create_courses": ("offer", "course", "create"),
    "core_group_create_groups": ("groups", "group", "create"),
    "core_group_add_group_members": ("groups", "group_member", "add"),
}
CHANGES = {
    "core_user_update_users": ("users", "account", "rename"),
    "core_cohort_update_cohorts": ("cohorts", "cohort", "rename"),
    "core_cohort_delete_cohort_members": ("cohorts", "cohort_member", "remove"),
    "core_course_update_categories": ("offer", "category", "rename"),
    "core_course_delete_categories": ("offer", "category", "delete"),
    "core_course_update_courses": ("offer", "course", "rename"),
    "core_group_update_groups": ("groups", "group", "rename"),
    "core_group_delete_groups": ("groups", "group", "delete"),
    "core_group_delete_group_members": ("groups", "group_member", "remove"),
}


@contextmanager
def refusing_one_item(campus: Campus, functions: Any) -> Iterator[dict[str, str]]:
    """Moodle refuses every batch that holds one item, the middle one of the first batch of each function."""
    server, victims = campus.box.moodle, {}
    real = server._real_answer

    def answer(name: str, form: dict[str, Any]) -> Any:
        if name in functions:
            (items,) = (list(value.values()) for value in form.values() if isinstance(value, dict))
            written = [json.dumps(item, sort_keys=True) for item in items]
            if victims.setdefault(name, written[len(written) // 2]) in written:
                return failure(MoodleError("extension", WORDS), as_json=True)
        return real(name, form)

    server._real_answer = answer
    yield victims
    server._real_answer = real


def check(campus: Campus, reports: dict[str, dict], functions: dict[str, tuple[str, str, str]], run_id: str, day: int):
    """Each function: exactly one refused, in Moodle's words, in the journal, the report and the anomalies."""
    for phase, kind, verb in functions.values():
        entries = campus.journal(phase, run_id, night_after(day))
        (refused,) = entries.query(
            "outcome == 'failed' and message == @WORDS and object == @kind and verb == @verb"
        ).itertuples()
        same = entries.query("object == @kind and verb == @verb and key != @refused.key")
        assert set(same["outcome"]) <= {"done", "put_off"} or kind == "group"
        notes = campus.anomalies(phase).query("code == 'REFUS_MOODLE'")
        (told,) = notes.loc[notes["key"] == f"{kind} / {verb} / {refused.key}", "sentence"]
        assert told.startswith("ecampus a refusé : ")
        assert f"({WORDS})" in told
        assert reports[phase]["state"] == "success"
        assert reports[phase]["failed"] >= 1


def test_one_refused_creation_of_each_kind_leaves_the_others_done_and_comes_back_the_next_night(empty):
    with refusing_one_item(empty, CREATIONS) as victims:
        reports = empty.night("refus", night_after(0))
    assert victims.keys() == CREATIONS.keys()
    check(empty, reports, CREATIONS, "refus", 0)
    created = {
        (kind, verb): number for r in reports.values() for kind, v in r["counts"].items() for verb, number in v.items()
    }
    assert created["account", "create"] >= 50
    assert created["course", "create"] >= 50
    assert created["group", "create"] >= 50
    assert created["group_member", "add"] >= 50

    again = empty.night("lendemain", night_after(1))
    for phase, kind, verb in CREATIONS.values():
        assert again[phase]["counts"][kind][verb] >= 1
    empty.night("surlendemain", night_after(2))
    assert empty.writes() == REFUSED_EVERY_NIGHT


def test_one_refused_change_of_each_kind_leaves_the_others_done_and_comes_back_the_next_night(
    second_night, tmp_path, cron
):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        with refusing_one_item(campus, CHANGES) as victims:
            reports = campus.night("refus", night_after(2))
        assert victims.keys() == CHANGES.keys()
        for phase in PHASES:
            refused = campus.journal(phase, "refus", night_after(2)).query("message == @WORDS")
            expected = [function for function, (where, *_) in CHANGES.items() if where == phase]
            assert len(refused) == len(expected), phase
            notes = campus.anomalies(phase).query("code == 'REFUS_MOODLE'")["sentence"]
            assert notes.str.contains(WORDS, regex=False).sum() == len(expected)
            assert reports[phase]["state"] == "success"
        again = campus.night("lendemain", night_after(3))
        assert sum(report["failed"] for report in again.values()) == 1
        campus.night("surlendemain", night_after(4))
        assert campus.writes() == REFUSED_EVERY_NIGHT


@pytest.mark.parametrize("function", ["core_course_create_courses", "core_course_update_courses"])
def test_a_course_that_moodle_refuses_does_not_take_its_rows_or_its_groups_down_in_silence(campus, function):
    """What hangs on a refused course is not tried: neither rows nor groups of a course that does not exist."""
    campus.refer(
        "INSERT INTO refer_element SELECT annee, 'NOUVEAU1', libelle, code_categorie, 'N' FROM refer_element LIMIT 1"
    )
    campus.refer("INSERT INTO refer_groupe VALUES ('2026', 'NOUVEAU1-TD1', 'TD1', NULL)")
    campus.refer("INSERT INTO refer_groupe_element VALUES ('2026', 'NOUVEAU1-TD1', 'NOUVEAU1')")
    campus.refer("INSERT INTO refer_groupe_etudiant VALUES ('2026', 'NOUVEAU1-TD1', '22900101')")
    with refusing_one_item(campus, {function}):
        reports = campus.night("refus", night_after(1))
    assert {report["state"] for report in reports.values()} == {"success"}
    assert ("NOUVEAU1" in {row[0] for row in campus.rows()}) == (function != "core_course_create_courses")
    campus.night("lendemain", night_after(2))
    assert "NOUVEAU1" in {row[0] for row in campus.rows()}
    assert ("NOUVEAU1", "NOUVEAU1-TD1", "TD1") in campus.state()["groups"]
