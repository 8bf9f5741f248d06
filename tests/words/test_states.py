"""How a phase ended, to the letter; every sentence that says why nothing was written gives a state of its own."""

from datetime import date

import pytest

from ecampus.calendar import Freeze, why_read_only, why_too_late
from ecampus.words import passages, rehearsing, reporting
from ecampus.words.states import NOTHING, state_of

NIGHT = date(2026, 11, 23)
AFTER = date(2026, 11, 24)


def report(state="success", reason=None, held=0, replay=False):
    return {"state": state, "reason": reason, "held": held, "replay": replay}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (report(), "réussi"),
        (report(held=1), "réussi, 1 retenu"),
        (report(held=1200), "réussi, 1\u00a0200 retenus"),
        (report("failed", "REFER ne répond pas."), "échec"),
        (report("failed", "REFER ne répond pas.", replay=True), "échec"),
        (None, "non calculé"),
    ],
)
def test_a_phase_is_named_by_how_it_ended_and_what_it_held(made, told):
    assert state_of(made) == told


@pytest.mark.parametrize("text", ["true", "2026-11-01/2026-11-30", "2026-11-01/", "/2026-11-30", "jusqu'à lundi"])
def test_a_frozen_phase_is_frozen_and_no_success_however_the_freeze_was_typed(text):
    assert state_of(report(reason=Freeze.parse(text).reason(NIGHT), held=3)) == "gelé"


def test_another_installation_freezes_too():
    assert state_of(report(reason=passages.ELSEWHERE)) == "gelé"


@pytest.mark.parametrize("reason", passages.TITLES)
def test_a_night_that_waits_to_be_approved_as_a_whole_is_to_be_approved(reason):
    assert state_of(report(reason=passages.waits(reason))) == "à approuver"
    assert state_of(report(reason=passages.waits(reason, ("annee", "2026", "2027")))) == "à approuver"


def test_what_writes_nothing_by_nature_is_called_by_its_nature():
    assert state_of(report(reason=why_read_only(NIGHT, AFTER, "manual"), replay=True)) == "rejoué"
    assert state_of(report(reason=why_read_only(NIGHT, NIGHT, "backfill"))) == "à blanc"
    assert state_of(report(reason=rehearsing.NOTHING)) == "répétition"
    assert state_of(report(reason=why_too_late(NIGHT, AFTER))) == "trop tard"


def test_a_reason_that_nobody_foresaw_still_says_that_nothing_was_written():
    assert state_of(report(reason="Une raison nouvelle.")) == NOTHING == "rien écrit"


@pytest.mark.parametrize(
    ("word", "reason", "told"),
    [
        ("Gelé", Freeze.parse("true").reason(NIGHT), "gelé en route"),
        ("Arrêté", why_too_late(NIGHT, AFTER), "arrêté en route"),
    ],
)
def test_a_phase_that_was_stopped_while_it_wrote_says_by_what(word, reason, told):
    assert state_of(report("stopped", reporting.stopped(word, 50, reason))) == told
