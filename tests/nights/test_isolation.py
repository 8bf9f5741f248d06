"""One bad item never sinks the rest: isolated, named with Moodle's words, retried next night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from campus import Campus, copied, night_after, opened

from ecampus.calendar import PHASES
from ecampus.moodle import mark, methods
from rehearsal import ended
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


def is_no_change(item: Any) -> bool:
    """Whether it is the register's mark that is written, or nobody's account, to ask about a method."""
    return isinstance(item, dict) and (mark.is_mark(item.get("idnumber")) or item.get("id") == str(methods.NOBODY))


@contextmanager
def refusing_one_item(campus: Campus, functions: Any, least: int = 1) -> Iterator[dict[str, str]]:
    """Moodle refuses every batch that holds one item: of each function, the middle one of the first batch that holds
    at least ``least`` items."""
    server, victims = campus.box.moodle, {}
    real = server._real_answer

    def answer(name: str, form: dict[str, Any]) -> Any:
        if name in functions:
            (items,) = (list(value.values()) for value in form.values() if isinstance(value, dict))
            written = [json.dumps(item, sort_keys=True) for item in items if not is_no_change(item)]
            if len(written) >= least:
                victims.setdefault(name, written[len(written) // 2])
            if victims.get(name) in written:
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


def test_one_refused_creation_of_each_kind_leaves_the_others_done_and_comes_back_the_next_night(
    empty, first_night, tmp_path, cron
):
    with refusing_one_item(empty, CREATIONS, least=4) as victims:
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
    with opened(copied(first_night, tmp_path / "without"), cron) as without:
        assert (empty.state(), empty.owned()) == (without.state(), without.owned())


def test_one_refused_change_of_each_kind_leaves_the_others_done_and_comes_back_the_next_night(
    second_night, rehearsed, tmp_path, cron
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
        assert sum(report["failed"] for report in again.values()) == 0
        assert ended(campus)[0] == rehearsed["groups"].state


def test_what_hangs_on_a_refused_course_waits_with_it(campus):
    campus.refer("INSERT INTO refer_element VALUES ('2026', 'NOUVEAU1', 'nouveau', 'LCAS1_1', 'N')")
    campus.refer("INSERT INTO refer_groupe VALUES ('2026', 'NOUVEAU1-TD1', 'TD1', NULL)")
    campus.refer("INSERT INTO refer_groupe_element VALUES ('2026', 'NOUVEAU1-TD1', 'NOUVEAU1')")
    campus.refer("INSERT INTO refer_groupe_etudiant VALUES ('2026', 'NOUVEAU1-TD1', '22900101')")
    phases = ("offer", "enrolments", "groups")
    with refusing_one_item(campus, {"core_course_create_courses"}):
        reports = [campus.play(phase, "refus", night_after(1)) for phase in phases]
    assert [report["counts"] for report in reports] == [{}, {}, {}]
    reports = [campus.play(phase, "lendemain", night_after(2)) for phase in phases]
    assert [report["counts"] for report in reports] == [
        {"course": {"create": 1}},
        {"enrolment": {"enrol": 1}},
        {"group": {"create": 1}, "group_member": {"add": 1}},
    ]


def test_a_course_whose_archive_is_refused_every_night_keeps_its_rows_on_each_and_no_copy_of_them(campus):
    rows, owned, state = campus.rows(), campus.owned(), campus.state()
    assert [row for row in rows if row[0] == "L3MAT101"]
    campus.refer("DELETE FROM refer_element WHERE code = 'L3MAT101'")
    for day in (1, 2):
        with refusing_one_item(campus, {"core_course_update_courses"}) as victims:
            offer = campus.play("offer", f"refus{day}", night_after(day))
            enrolments = campus.play("enrolments", f"refus{day}", night_after(day))
        assert "ex_L3MAT101" in victims["core_course_update_courses"]
        assert (offer["failed"], enrolments["counts"]) == (1, {})
        assert (campus.rows(), campus.owned(), campus.state()) == (rows, owned, state)
