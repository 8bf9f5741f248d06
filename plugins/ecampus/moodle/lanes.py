"""Many writes of one kind by several clients at once: the items of one lane (a course) stay with one, in order."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any

from ecampus.moodle.batches import Batch, BeforeCall, Key, OnDone, Outcome, Sender, cut
from ecampus.moodle.client import MoodleClient


def send_parallel(
    client_factory: Callable[[], MoodleClient],
    function: str,
    param: str,
    items: Sequence[Any],
    *,
    size: int,
    workers: int,
    lane: Key,
    apart: Key | None = None,
    on_done: OnDone | None = None,
    extra: dict[str, Any] | None = None,
    before_call: BeforeCall | None = None,
) -> list[Outcome]:
    """Like ``batches.send`` with ``workers`` clients at once; the items of one lane (a course) stay on one, in order.

    Not for courses and categories, which deadlock. ``on_done`` and ``before_call`` are called by one thread
    at a time. The first fatal error stops the other workers after their current call, then is raised.
    """
    lock, stop = Lock(), Event()
    outcomes: list[Outcome] = []

    def guard(batch: Sequence[int]) -> None:
        with lock:
            if stop.is_set():
                raise _Stopped
            if before_call:
                before_call(batch)

    def record(known: list[Outcome]) -> None:
        with lock:
            outcomes.extend(known)
            if on_done and known:
                on_done(known)

    def work(share: Batch) -> None:
        try:
            sender = Sender(client_factory(), function, param, extra or {}, guard)
            for batch in cut(share, size, sender.extra, apart):
                for known in sender.deliver(batch):
                    record(known)
        except _Stopped:
            return
        except BaseException:
            stop.set()
            raise

    _run(work, _shares(items, lane, workers), stop)
    return sorted(outcomes, key=lambda outcome: outcome.index)


class _Stopped(Exception):
    """Another worker met a fatal error."""


def _run(work: Callable[[Batch], None], shares: list[Batch], stop: Event) -> None:
    with ThreadPoolExecutor(max_workers=max(len(shares), 1)) as pool:
        futures = [pool.submit(work, share) for share in shares]
        try:
            errors = [error for future in futures if (error := future.exception())]
        finally:
            stop.set()
    if errors:
        raise errors[0]


def _shares(items: Sequence[Any], lane: Key, workers: int) -> list[Batch]:
    """Items with their index, lanes kept whole, the longest lanes dealt first to the least loaded worker."""
    lanes = [lane(item) for item in items]
    loads = [(0, worker) for worker in range(workers)]
    owner: dict[Hashable, int] = {}
    for name, weight in Counter(lanes).most_common():
        load, worker = heapq.heappop(loads)
        owner[name] = worker
        heapq.heappush(loads, (load + weight, worker))
    shares: list[Batch] = [[] for _ in range(workers)]
    for index, (name, item) in enumerate(zip(lanes, items, strict=True)):
        shares[owner[name]].append((index, item))
    return [share for share in shares if share]
