"""Whom a night gives a mail: what is new for each composante, once a night; the figures of the platform."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from ecampus.calendar import PHASES
from ecampus.night import mailing
from ecampus.store import mailed, memory
from ecampus.store.files import Run, Store
from ecampus.words.standing import Standing

NIGHT = date(2026, 11, 25)
BEFORE = NIGHT - timedelta(days=1)


def anomaly(key: str, first: date = NIGHT, composante: str | None = "SCI") -> dict[str, str | None]:
    return {"code": "COURS_CACHE", "key": key, "composante": composante, "sentence": f"{key} est caché.", "first_night": first.isoformat()}  # fmt: skip


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def left(store: Store, *rows: dict[str, str | None], phase: str = "offer", night: date = NIGHT) -> None:
    """What a phase that succeeded leaves for the next night."""
    memory.keep(Run(store, phase, night, "run"), pd.DataFrame(list(rows), columns=memory.COLUMNS, dtype="str"))


def due(store: Store, *names: str, night: date = NIGHT) -> dict[str, str]:
    """By composante, the subject of its mail; each is then noted as sent."""
    found = mailing.anomalies(store)
    mails = list(mailing.due(store, night, found, names or mailing.composantes(found), None, "pôle plateforme"))
    for mail in mails:
        mailed.told_to(store, mail.composante, night, mail.phases)
    return {mail.composante: mail.mail.subject.removeprefix("[ecampus] ") for mail in mails}


def test_each_composante_is_told_what_is_its_own_and_nobody_what_is_of_none(store):
    left(store, anomaly("A"), anomaly("B", BEFORE), anomaly("C", composante="LET"), anomaly("D", composante=None))
    assert due(store) == {"SCI": "SCI : 1 anomalie nouvelle et 1 plus ancienne", "LET": "LET : 1 anomalie nouvelle"}


def test_a_composante_without_anomaly_is_told_nothing(store):
    left(store, anomaly("A"))
    assert due(store, "LET") == {}


def test_a_run_that_is_tried_again_or_cleared_sends_nothing_twice(store):
    left(store, anomaly("A"))
    assert due(store) == {"SCI": "SCI : 1 anomalie nouvelle"}
    left(store, anomaly("A"), anomaly("B"))
    assert due(store) == {}


def test_what_is_old_alone_is_recalled_after_seven_nights(store):
    left(store, anomaly("A"))
    due(store)
    told = {}
    for nights in range(1, 9):
        night = NIGHT + timedelta(days=nights)
        left(store, anomaly("A"), night=night)
        told |= {nights: due(store, night=night)}
    assert {nights: mails for nights, mails in told.items() if mails} == {7: {"SCI": "SCI : 1 plus ancienne"}}


def test_what_a_phase_that_ended_after_the_mail_found_is_new_the_night_after(store):
    left(store, anomaly("A"))
    left(store, phase="groups", night=BEFORE)
    due(store)
    left(store, anomaly("B"), phase="groups")
    left(store, anomaly("A"), night=NIGHT + timedelta(days=1))
    left(store, anomaly("B"), phase="groups", night=NIGHT + timedelta(days=1))
    assert due(store, night=NIGHT + timedelta(days=1)) == {"SCI": "SCI : 1 anomalie nouvelle et 1 plus ancienne"}


def test_what_could_not_be_sent_is_new_until_it_is(store):
    left(store, anomaly("A"), night=BEFORE)
    due(store, night=BEFORE)
    left(store, anomaly("A"), anomaly("B"))  # whose mail did not leave
    left(store, anomaly("A"), anomaly("B"), night=NIGHT + timedelta(days=1))
    assert due(store, night=NIGHT + timedelta(days=1)) == {"SCI": "SCI : 2 anomalies nouvelles"}


def test_the_platform_is_given_the_figures_of_the_reports(store):
    left(store, anomaly("A"), anomaly("B", BEFORE))
    left(store, anomaly("C"), phase="groups")
    report = {"counts": {"course": {"create": 3, "archive": 1}}, "held": 2}
    store.write_json("night/offer/run/report.json", report)
    store.write_json("night/groups/run/report.json", report | {"held": 0})
    store.write("night/users/run/report.json", b"")
    phases = [Standing(phase, "success", run=f"night/{phase}/run") for phase in PHASES]
    assert mailing.figures(store, NIGHT, phases, mailing.anomalies(store)) == {
        "done": 8, "held": 2, "new": 2, "anomalies": 3,
    }  # fmt: skip
    assert mailing.figures(store, NIGHT, [Standing(phase) for phase in PHASES], mailing.anomalies(store)) is None
