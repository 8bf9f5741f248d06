"""Writes by batches: cut, isolated, counted, handed over as they become known."""

from __future__ import annotations

import pytest
import requests
from moodle_standin import StandIn, refusal, sent

from ecampus.errors import SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.moodle.batches import Outcome, send


def creating(bad: dict[str, str], limit: int = 10**6):
    """create_courses: all or nothing; ``bad`` gives Moodle's word for a shortname; ``limit`` truncates."""

    def answer(function, form):
        names = sent(form, "courses", "shortname")
        for name in names:
            if name in bad:
                return refusal(bad[name], f"refus de {name}")
        return [{"id": 100 + int(name[1:]), "shortname": name} for name in names[:limit]]

    return answer


def courses(count: int) -> list[dict[str, str]]:
    return [{"shortname": f"C{number}"} for number in range(count)]


def create(client, items, **options):
    return send(client, "core_course_create_courses", "courses", items, **options)


def test_ids_come_back_in_the_order_of_the_items(client, moodle: StandIn):
    moodle.answer = creating({})
    assert create(client, courses(5), size=2) == [Outcome(n, 100 + n) for n in range(5)]
    assert len(moodle.calls) == 3


def test_nothing_to_send_is_no_call(client, moodle):
    assert create(client, [], size=10) == []
    assert moodle.calls == []


def test_one_bad_item_is_isolated_with_moodles_words_and_the_others_pass(client, moodle):
    moodle.answer = creating({"C3": "shortnametaken"})
    outcomes = create(client, courses(8), size=8)
    assert outcomes[3] == Outcome(3, error="refus de C3")
    assert [outcome.id for outcome in outcomes if not outcome.error] == [100, 101, 102, 104, 105, 106, 107]


def test_a_refusal_without_words_shows_its_code(client, moodle):
    moodle.answer = lambda function, form: refusal("invalidparameter")
    assert create(client, courses(1), size=8) == [Outcome(0, error="invalidparameter")]


def test_every_item_bad_is_every_item_named(client, moodle):
    moodle.answer = creating({f"C{n}": "invalidparameter" for n in range(4)})
    assert [outcome.error for outcome in create(client, courses(4), size=4)] == [
        "refus de C0",
        "refus de C1",
        "refus de C2",
        "refus de C3",
    ]


def test_a_void_success_has_no_id(client, moodle):
    assert send(client, "core_group_delete_groups", "groupids", [4, 5], size=9) == [Outcome(0), Outcome(1)]


def test_a_shorter_answer_is_a_truncation_and_what_was_created_is_known(client, moodle):
    moodle.answer = creating({}, limit=2)
    known: list[Outcome] = []
    with pytest.raises(TruncatedRead, match="2 objets pour 3 envoyés"):
        create(client, courses(3), size=3, on_done=known.extend)
    assert known == [Outcome(0, 100), Outcome(1, 101)]


def test_batches_stay_under_phps_limit_of_variables(client, moodle):
    moodle.answer = creating({})
    wide = [{"shortname": f"C{n}", **{f"f{m}": m for m in range(99)}} for n in range(25)]
    assert len(create(client, wide, size=500, extra={"note": "x"})) == 25
    assert [len(sent(form, "courses", "shortname")) for form in moodle.calls] == [9, 9, 7]
    assert max(len(form) for form in moodle.calls) <= 999


def test_a_deadlock_is_tried_once_more(client, moodle):
    answers = iter([refusal("dmlwriteexception"), [{"id": 9}]])
    moodle.answer = lambda function, form: next(answers)
    assert create(client, courses(1), size=1) == [Outcome(0, 9)]


def test_a_deadlock_twice_on_one_item_is_its_fault(client, moodle):
    moodle.answer = creating({"C1": "dmlwriteexception"})
    assert create(client, courses(2), size=2) == [Outcome(0, 100), Outcome(1, error="refus de C1")]
    assert len(moodle.calls) == 4


def test_a_fatal_error_comes_after_what_was_known(client, moodle):
    answers = iter([[{"id": 1}, {"id": 2}], requests.ReadTimeout("late")])

    def answer(function, form):
        value = next(answers)
        if isinstance(value, Exception):
            raise value
        return value

    moodle.answer = answer
    known: list[Outcome] = []
    with pytest.raises(SourceUnreachable):
        create(client, courses(6), size=2, on_done=known.extend)
    assert known == [Outcome(0, 1), Outcome(1, 2)]
    assert len(moodle.calls) == 2


def test_a_refused_token_stops_at_once_and_is_not_bisected(client, moodle):
    moodle.answer = lambda function, form: refusal("invalidtoken")
    with pytest.raises(SourceRefused):
        create(client, courses(64), size=64)
    assert len(moodle.calls) == 1


def test_the_guard_is_asked_before_every_write_and_can_stop(client, moodle):
    moodle.answer = creating({})
    asked: list[tuple[int, list[int]]] = []

    def guard(batch):
        asked.append((len(moodle.calls), list(batch)))
        if len(asked) == 3:
            raise RuntimeError("gel")

    with pytest.raises(RuntimeError, match="gel"):
        create(client, courses(10), size=2, before_call=guard)
    assert asked == [(0, [0, 1]), (1, [2, 3]), (2, [4, 5])]


def test_the_guard_knows_the_items_of_each_half_and_of_each_second_try(client, moodle):
    moodle.answer = creating({"C2": "dmlwriteexception"})
    asked: list[list[int]] = []
    create(client, courses(4), size=4, before_call=lambda batch: asked.append(list(batch)))
    assert asked == [[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3]]


def warn(itemid, code="shortnametaken", message="déjà pris"):
    return {"item": "course", "itemid": itemid, "warningcode": code, "message": message}


def update(client, ids, **options):
    return send(client, "core_course_update_courses", "courses", [{"id": n} for n in ids], **options)


def test_warnings_of_an_update_name_their_items_and_the_others_are_done(client, moodle):
    moodle.answer = lambda function, form: {"warnings": [warn(12)]}
    assert update(client, [11, 12, 13], size=9) == [Outcome(0), Outcome(1, error="déjà pris"), Outcome(2)]
    assert len(moodle.calls) == 1


def test_a_deadlock_told_by_a_warning_is_tried_again_alone(client, moodle):
    answers = iter([{"warnings": [warn(12, "dmlwriteexception")]}, {"warnings": []}])
    moodle.answer = lambda function, form: next(answers)
    assert update(client, [11, 12], size=9) == [Outcome(0), Outcome(1)]
    assert sent(moodle.calls[1], "courses", "id") == ["12"]


def test_an_update_alone_refused_by_a_deadlock_is_tried_once_more(client, moodle):
    moodle.answer = lambda function, form: {"warnings": [warn(12, "dmlwriteexception", "Error writing")]}
    assert update(client, [12], size=9) == [Outcome(0, error="Error writing")]
    assert len(moodle.calls) == 2


def members(pairs):
    return [
        {"cohorttype": {"type": "id", "value": cohort}, "usertype": {"type": "id", "value": user}}
        for cohort, user in pairs
    ]


def cohort_of(known: set[str], already: set[str]):
    """add_cohort_members: warnings carry no item, only words."""

    def answer(function, form):
        users = [value for name, value in form.items() if name.endswith("[usertype][value]")]
        unknown = [{"warningcode": "2", "message": f"user id={user} not exists"} for user in users if user not in known]
        there = [{"warningcode": "3", "message": "record already exists"} for user in users if user in already]
        return {"warnings": unknown + there}

    return answer


def test_already_a_member_of_a_cohort_is_a_success(client, moodle):
    moodle.answer = cohort_of({"1", "2"}, {"2"})
    items = members([(5, 1), (5, 2)])
    assert send(client, "core_cohort_add_cohort_members", "members", items, size=9) == [
        Outcome(0),
        Outcome(1),
    ]
    assert len(moodle.calls) == 1


def test_a_warning_that_names_nobody_is_found_by_splitting(client, moodle):
    moodle.answer = cohort_of({"1", "2", "4"}, {"2"})
    items = members([(5, 1), (5, 2), (5, 3), (5, 4)])
    outcomes = send(client, "core_cohort_add_cohort_members", "members", items, size=9)
    assert outcomes == [Outcome(0), Outcome(1), Outcome(2, error="user id=3 not exists"), Outcome(3)]


def test_items_kept_apart_never_share_a_call_and_keep_their_order(client, moodle):
    moodle.answer = lambda function, form: [{"id": 100 + int(name)} for name in sent(form, "groups", "name")]
    items = [{"courseid": course, "name": str(n)} for n, course in enumerate([7, 7, 8, 7, 9])]
    outcomes = send(client, "core_group_create_groups", "groups", items, size=50, apart=lambda item: item["courseid"])
    assert [sent(form, "groups", "name") for form in moodle.calls] == [["0", "2", "4"], ["1"], ["3"]]
    assert outcomes == [Outcome(n, 100 + n) for n in range(5)]


def test_a_database_that_takes_nothing_any_more_is_not_the_fault_of_each_item(client, moodle):
    moodle.answer = lambda function, form: refusal("dmlwriteexception", "Error writing to database")
    known: list[Outcome] = []
    with pytest.raises(SourceUnreachable) as told:
        create(client, courses(50), size=50, on_done=known.extend)
    assert str(told.value) == (
        f"Moodle ({client.url}) n'arrive plus à écrire dans sa base (Error writing to database) : un administrateur"
        " vérifie la place et l'état de cette base, puis relancer la phase, qui reprendra ce qui manque."
    )
    assert [outcome.error for outcome in known] == ["Error writing to database"] * 3


def test_items_that_the_database_refuses_here_and_there_do_not_stop_the_others(client, moodle):
    moodle.answer = creating(dict.fromkeys(["C0", "C1", "C3", "C4", "C6", "C7"], "dmlwriteexception"))
    outcomes = create(client, courses(9), size=1)
    assert [outcome.index for outcome in outcomes if outcome.error] == [0, 1, 3, 4, 6, 7]


def test_a_read_that_moodle_cannot_note_in_its_database_says_so(client, moodle):
    moodle.answer = lambda function, form: refusal("dmlwriteexception", "Error writing to database")
    with pytest.raises(SourceUnreachable, match=r"n'arrive plus à écrire dans sa base \(Error writing to database\)"):
        client.call("core_course_get_courses")


def test_a_database_that_takes_nothing_any_more_is_known_by_warnings_too(client, moodle):
    def answer(function, form):
        lost = {"warningcode": "dmlwriteexception", "message": "Error writing to database"}
        return {"warnings": [{"item": "user", "itemid": int(name), **lost} for name in sent(form, "users", "id")]}

    moodle.answer = answer
    with pytest.raises(SourceUnreachable, match="n'arrive plus à écrire dans sa base"):
        send(client, "core_user_update_users", "users", [{"id": n} for n in range(50)], size=50)
