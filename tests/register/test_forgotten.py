"""What the register forgets: the batches of nights that are kept no longer."""

from __future__ import annotations

from ecampus.register.batches import About
from registers import run


def of(night: str) -> About:
    return About(f"{night}/groups/r1", "groups", night)


def noted(register, *nights: str) -> list[int]:
    """A settled batch for each of these nights; their numbers."""
    with register.lease("r1") as lease:
        numbers = [lease.intend([{"object": "course"}], of(night)) for night in nights]
        for number in numbers:
            lease.settle(number, [{"outcome": "done"}], {}, {})
    return numbers


def numbers(hook) -> list[int]:
    return [number for (number,) in run(hook, "SELECT batch FROM ecampus_batch ORDER BY batch")]


def forget(register, night: str) -> int:
    with register.lease("rétention") as lease:
        return lease.forget_batches(night)


def test_settled_batches_of_the_nights_before_are_forgotten(register, hook):
    *_, young, last = noted(register, "2025-10-18", "2025-10-19", "2025-10-20", "2026-11-23")
    assert forget(register, "2025-10-20") == 2
    assert numbers(hook) == [young, last]
    assert forget(register, "2025-10-20") == 0


def test_one_that_is_open_stays_however_old(register, hook):
    with register.lease("tuée") as lease:
        open_ = lease.intend([{"object": "course"}], of("2020-01-01"))
    (last,) = noted(register, "2026-11-23")
    assert forget(register, "2026-11-23") == 0
    assert numbers(hook) == [open_, last]
    assert [batch.number for batch in register.open_batches()] == [open_]


def test_the_last_one_stays_so_that_no_number_is_given_twice(register, hook):
    *_, last = noted(register, "2020-01-01", "2020-01-02")
    assert forget(register, "2026-11-23") == 1
    assert noted(register, "2026-11-23") == [last + 1]


def test_forgetting_changes_nothing_of_what_is_ours(register):
    noted(register, "2020-01-01", "2026-11-23")
    before = register.state()
    forget(register, "2026-11-23")
    assert register.state() == before


def test_a_batch_is_rewritten_without_somebody_and_stays_what_it_was(register, hook):
    (number,) = noted(register, "2026-11-23")
    with register.lease("effacement") as lease:
        lease.rewrite(number, [], [])
    assert run(hook, "SELECT batch, is_open, items, outcomes FROM ecampus_batch") == [(number, 0, "[]", "[]")]
    assert register.open_batches() == []


def test_every_batch_is_read_a_few_at_a_time(register, monkeypatch):
    monkeypatch.setattr("ecampus.register.register.PAGE", 2)
    numbers_ = noted(register, *["2026-11-23"] * 5)
    assert [batch.number for batch in register.all_batches()] == numbers_
