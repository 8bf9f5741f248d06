"""What «Cette nuit» says of a night, to the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ecampus.calendar import PHASES
from ecampus.words import tonight
from ecampus.words.tonight import Phase

NIGHT = date(2026, 11, 25)
MIDNIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
HOURS = {"users": 0, "cohorts": 225, "offer": 240, "enrolments": 255, "groups": 300}
"""Minutes after midnight."""


def good(name: str, minutes: int = 12, **more) -> Phase:
    began = MIDNIGHT + timedelta(minutes=HOURS[name])
    return (
        Phase(name, "success", began, began + timedelta(minutes=minutes), counts={})
        if not more
        else replace(good(name, minutes), **more)
    )


def night(**others: Phase) -> list[Phase]:
    return [others.get(name) or good(name) for name in PHASES]


DEAD = good("enrolments", 1, state="failed", reason="Moodle ne répond pas.", counts=None)
AFTER = good("groups", 0, state="failed", reason="Moodle ne répond pas.", passed_on=True, counts=None)
FROZEN = {name: good(name, writes=False, counts={"account": {"create": 2}}) for name in PHASES}


@pytest.mark.parametrize(
    ("phases", "headline", "under"),
    [
        (night(), "La nuit du 25 novembre s'est bien terminée à 05h12.", "Aucun changement. Tout est à jour."),
        (
            night(offer=good("offer", held=12, counts={"course": {"create": 316}})),
            "La nuit du 25 novembre s'est bien terminée à 05h12.",
            "316 changements, 12 retenus. Tout est à jour sauf ce qui attend une décision.",
        ),
        (
            night(offer=good("offer", refused=3, counts={"course": {"create": 316}})),
            "La nuit du 25 novembre s'est bien terminée à 05h12.",
            "316 changements, 3 refusés. Tout est à jour sauf ce qu'ecampus a refusé.",
        ),
        (
            night(users=good("users", put_off=2), offer=good("offer", held=1), groups=good("groups", refused=1)),
            "La nuit du 25 novembre s'est bien terminée à 05h12.",
            "Aucun changement, 1 retenu, 1 refusé, 2 remis. Tout est à jour sauf ce qui attend une décision, ce"
            " qu'ecampus a refusé et ce qui est remis à une autre nuit.",
        ),
        (
            night(offer=good("offer", counts={"course": {"archive": 3}, "enrolment": {"copy_key": 92}})),
            "La nuit du 25 novembre s'est bien terminée à 05h12.",
            "3 changements. Tout est à jour.",
        ),
        (
            night(enrolments=DEAD, groups=AFTER),
            "La nuit du 25 novembre s'est arrêtée aux Inscriptions à 04h16.",
            "Moodle ne répond pas. Ne sont pas à jour : Inscriptions, Groupes.",
        ),
        (
            night(groups=replace(AFTER, passed_on=False)),
            "La nuit du 25 novembre s'est arrêtée aux Groupes à 05h00.",
            "Moodle ne répond pas. N'est pas à jour : Groupes.",
        ),
        (
            night(enrolments=good("enrolments", state="running", ended=None, counts=None), groups=Phase("groups")),
            "La nuit du 25 novembre est en cours : Inscriptions depuis 04h15.",
            "Aucun changement.",
        ),
        (
            night(enrolments=Phase("enrolments"), groups=Phase("groups")),
            "La nuit du 25 novembre n'est pas finie, il reste : Inscriptions, Groupes.",
            "Aucun changement.",
        ),
        (
            night(groups=good("groups", state="stopped", reason="Gelé après 50 changements.")),
            "La nuit du 25 novembre a été arrêtée en route aux Groupes à 05h12.",
            "Gelé après 50 changements.",
        ),
        (
            night(**FROZEN),
            "La nuit du 25 novembre s'est terminée à 05h12 sans rien écrire : elle est gelée.",
            "Rien n'a été écrit ; à faire : 10 changements.",
        ),
        (
            night(**{name: replace(phase, asks=True) for name, phase in FROZEN.items()}),
            "La nuit du 25 novembre s'est terminée à 05h12 sans rien écrire : elle attend d'être approuvée.",
            "Rien n'a été écrit ; à faire : 10 changements.",
        ),
        (
            night(groups=FROZEN["groups"]),
            "La nuit du 25 novembre s'est terminée à 05h12 ; sans rien écrire : Groupes.",
            "Aucun changement. N'est pas à jour : Groupes.",
        ),
    ],
)  # fmt: skip
def test_a_night_is_one_sentence_and_what_to_know_of_it(phases, headline, under):
    assert (tonight.headline(NIGHT, phases), tonight.under(phases)) == (headline, under)


def test_only_a_night_that_failed_is_a_trouble():
    assert tonight.trouble(NIGHT, night()) == ""
    assert tonight.trouble(NIGHT, night(enrolments=DEAD)) == (
        "La nuit du 25 novembre s'est arrêtée aux Inscriptions à 04h16."
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 26, 4, 59, tzinfo=UTC), ""),
        (datetime(2026, 11, 26, 5, 1, tzinfo=UTC), "Rien n'a tourné depuis la nuit du 25 novembre."),
    ],
)
def test_from_six_in_the_morning_a_night_that_did_not_come_is_said(now, said):
    assert tonight.late(NIGHT, now) == said


@pytest.mark.parametrize(
    ("phase", "state", "tone"),
    [
        (Phase("offer"), "pas commencé", "idle"),
        (good("offer", state="running"), "en cours", "idle"),
        (good("offer"), "réussi", "good"),
        (good("offer", held=12), "12 retenus", "held"),
        (good("offer", held=1), "1 retenu", "held"),
        (good("offer", writes=False), "gelé", "idle"),
        (good("offer", writes=False, asks=True), "à approuver", "held"),
        (good("offer", state="stopped"), "arrêté", "bad"),
        (good("offer", state="failed"), "échec", "bad"),
    ],
)
def test_a_phase_has_one_state_in_words(phase, state, tone):
    assert (tonight.state(phase), tonight.tone(phase)) == (state, tone)


@pytest.mark.parametrize(
    ("counts", "more", "told"),
    [
        ({}, {}, "aucun changement"),
        (None, {}, "non calculé"),
        (None, {"state": "running"}, ""),
        ({"account": {"create": 18, "update": 3, "suspend": 2}}, {}, "2 suspendus · 18 créés · 3 mis à jour"),
        ({"account": {"create": 18}}, {"writes": False}, "prévu : 18 créés"),
        ({"account": {"create": 1, "update": 1}}, {}, "1 créé · 1 mis à jour"),
        (
            {"course": {"archive": 3, "create": 4, "rename": 2, "move": 1}},
            {},
            "3 archivés · 4 créés · 2 renommés · 1 autre changement",
        ),
        (
            {"course": {"create": 9, "rename": 4, "archive": 3, "move": 2}, "category": {"create": 1640}},
            {},
            "3 archivés · 1\u00a0649 créés · 4 renommés · 2 autres changements",
        ),
    ],
)
def test_a_line_has_three_figures_what_takes_away_first(counts, more, told):
    assert tonight.figures(good("users", counts=counts, **more)) == told


def test_how_long_and_when():
    assert (tonight.hour(good("cohorts")), tonight.lasted(good("cohorts", 4))) == ("03h45", "4 min")
    assert (tonight.hour(Phase("cohorts")), tonight.lasted(Phase("cohorts"))) == ("", "")


@pytest.mark.parametrize(
    ("minutes", "waited", "more", "told"),
    [
        (37, 25, {}, "12 min, après 25 min d'attente"),
        (12, 0, {}, "12 min"),
        (25, None, {"state": "failed", "passed_on": True}, "25 min d'attente"),
    ],
)
def test_the_wait_for_the_phase_before_is_no_work(minutes, waited, more, told):
    phase = replace(good("groups", minutes), **more)
    until = None if waited is None else phase.began + timedelta(minutes=waited)
    assert tonight.lasted(replace(phase, waited_until=until)) == told
