"""Several clients at once: a course stays with one of them, the first fatal error stops them all."""

from __future__ import annotations

import threading

import pytest
from moodle_standin import refusal, sent

from ecampus.errors import SourceRefused
from ecampus.moodle.batches import Outcome
from ecampus.moodle.lanes import send_parallel


def parallel(client, items, **options):
    options = {"size": 5, "workers": 3, "lane": lambda item: item["courseid"], **options}
    return send_parallel(lambda: client, "core_group_create_groups", "groups", items, **options)


def numbered(form):
    """One id for each group sent."""
    return [{"id": place} for place, _ in enumerate(sent(form, "groups", "courseid"), start=1)]


def groups(courses_count: int, each: int) -> list[dict[str, int]]:
    return [{"courseid": course, "n": n} for n in range(each) for course in range(courses_count)]


def test_one_course_stays_with_one_worker_and_ids_keep_the_order_of_the_items(client, moodle):
    owners: dict[str, set[int]] = {}

    def answer(function, form):
        ids = zip(sent(form, "groups", "courseid"), sent(form, "groups", "n"), strict=True)
        pairs = list(ids)
        for course, _ in pairs:
            owners.setdefault(course, set()).add(threading.get_ident())
        return [{"id": 1000 * int(course) + int(n) + 1} for course, n in pairs]

    moodle.answer = answer
    items = groups(7, 6)
    outcomes = parallel(client, items)
    assert [outcome.id for outcome in outcomes] == [1000 * item["courseid"] + item["n"] + 1 for item in items]
    assert all(len(workers) == 1 for workers in owners.values())


def test_the_first_fatal_error_stops_every_worker_and_keeps_what_is_known(client, moodle):
    known: list[Outcome] = []

    def answer(function, form):
        if "0" in sent(form, "groups", "courseid"):
            return refusal("invalidtoken")
        return numbered(form)

    moodle.answer = answer
    with pytest.raises(SourceRefused):
        parallel(client, groups(6, 200), on_done=known.extend)
    done = sum(len(sent(form, "groups", "courseid")) for form in moodle.calls) - 5
    assert len(known) == done < 1200


def test_callbacks_of_workers_come_one_at_a_time(client, moodle):
    inside = threading.Lock()

    def alone(*_):
        assert inside.acquire(blocking=False)
        inside.release()

    moodle.answer = lambda function, form: numbered(form)
    assert len(parallel(client, groups(9, 20), on_done=alone, before_call=alone, workers=4)) == 180


def test_a_guard_that_stops_one_worker_stops_them_all(client, moodle):
    moodle.answer = lambda function, form: numbered(form)
    asked: list[int] = []

    def guard(_):
        asked.append(1)
        if len(asked) > 4:
            raise RuntimeError("gel")

    with pytest.raises(RuntimeError, match="gel"):
        parallel(client, groups(6, 100), before_call=guard)
    assert len(moodle.calls) == 4
    assert len(asked) == 5


def test_the_guard_of_workers_knows_their_items(client, moodle):
    moodle.answer = lambda function, form: [{"id": 1 + int(course)} for course in sent(form, "groups", "courseid")]
    asked: list[int] = []
    parallel(client, groups(7, 1), before_call=asked.extend)
    assert sorted(asked) == list(range(7))


def test_items_kept_apart_are_so_for_each_worker_too(client, moodle):
    moodle.answer = lambda function, form: [{"id": 100 + int(name)} for name in sent(form, "groups", "name")]
    items = [{"courseid": course, "name": str(n)} for n, course in enumerate([7, 7, 8, 8])]
    outcomes = send_parallel(
        lambda: client, "core_group_create_groups", "groups", items,
        size=50, workers=1, lane=lambda item: item["courseid"], apart=lambda item: item["courseid"],
    )  # fmt: skip
    assert [sent(form, "groups", "name") for form in moodle.calls] == [["0", "2"], ["1", "3"]]
    assert [outcome.id for outcome in outcomes] == [100, 101, 102, 103]
