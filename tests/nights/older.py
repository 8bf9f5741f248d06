"""A site that an older script kept: all that a first night makes is there, and nothing of it is anybody's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from campus import Campus

from ecampus.kinds import OBJECTS
from ecampus.night import adopting, recovering
from ecampus.register.owned import SHAPES
from sandbox.university.cases.codes import CODE_TAKEN

REMEMBERED = ("batch", "link", "following", "figure", "good", "done", "decision", "answer", "passage", "site")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CONFIRMED = recovering.Decision(True, "camille", "sauvegarde", NOW.date())


def made_by_an_older_script(campus: Campus) -> None:
    """Forget the register, its mark and the store; Moodle and the enrolment table stay."""
    for name in (*SHAPES, *REMEMBERED, "register"):
        campus.table(f"DELETE FROM ecampus_{name}")
    without_mark(campus)
    shutil.rmtree(campus.folder / "store")


def without_mark(campus: Campus) -> None:
    """Somebody deleted the cohort."""
    campus.moodle("DELETE FROM mdl_cohort WHERE idnumber = 'ecampus'")


def look(campus: Campus) -> adopting.Seen:
    """What ``make owned`` shows."""
    register = campus.register
    register.prepare()
    return adopting.look(register, campus.store, campus.systems)


def decide(campus: Campus, adopt: str = "", release: str = "") -> list[str]:
    """What ``make owned ADOPT= RELEASE=`` does."""
    decision = adopting.Decision(adopt, release, "camille", "ancien script", NOW.date())
    return adopting.decide(decision, campus.register, campus.store, campus.systems, NOW)


def adopt_all(campus: Campus) -> None:
    """All that the older script made, in two goes, groups showing once their courses are ours; not the course of a
    teacher who took one of our codes."""
    for _ in range(2):
        listed = look(campus).listed.query("doubt.isna()")
        made = listed[listed["place"] != CODE_TAKEN]
        nouns = made["object"].map({kind: what.noun for kind, what in OBJECTS.items()})
        decide(campus, ";".join(nouns + ":" + made["key"]))


def recovered(campus: Campus) -> recovering.Found:
    """What ``make recover CONFIRM=1`` does."""
    register = campus.register
    register.prepare()
    return recovering.recover(register, campus.store, campus.systems, CONFIRMED)
