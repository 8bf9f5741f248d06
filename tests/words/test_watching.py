"""What ``make watch`` says, to the letter, at any hour."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ecampus.calendar import PARIS, PHASES
from ecampus.words import watching
from ecampus.words.standing import Standing
from standings import FAILED, moment, night

GOOD = "La nuit du 25 novembre 2026 s'est bien terminée à 05h12."
NOTHING = [Standing(phase) for phase in PHASES]
BEGUN = [Standing("users", "success", moment(0, 4)), *NOTHING[1:]]
WORKS = night(groups=Standing("groups", "running", moment(5, 0)))


@pytest.mark.parametrize(
    ("hour", "phases", "code", "sentence"),
    [
        ((7, 0), night(), 0, GOOD),
        ((4, 30), FAILED, 2, "La nuit du 25 novembre 2026 s'est arrêtée aux Inscriptions à 04h16 : Moodle ne répond pas. Pas à jour : Inscriptions, Groupes."),
        ((0, 30), NOTHING, 2, "Rien n'a commencé la nuit du 25 novembre 2026 : regarder si l'ordonnanceur d'Airflow tourne, et si les cinq DAG ne sont pas en pause."),
        ((3, 0), BEGUN, 0, "La nuit du 25 novembre 2026 suit son cours : « Utilisateurs » a fini à 00h04."),
        ((5, 59), WORKS, 0, "La nuit du 25 novembre 2026 suit son cours : « Groupes » est en cours depuis 05h00, « Inscriptions » a fini à 04h16."),
        ((6, 0), WORKS, 2, "La nuit du 25 novembre 2026 n'est pas finie : « Groupes » est en cours depuis 05h00."),
    ],
    ids=["ended", "failed", "nothing ran", "between two phases", "at work", "at work at six"],
)  # fmt: skip
def test_the_night_at_an_hour(hour, phases, code, sentence):
    assert watching.of_night(moment(*hour), phases, "") == (code, sentence)


@pytest.mark.parametrize(
    ("now", "judged"),
    [
        (datetime(2026, 11, 25, 0, 29, tzinfo=PARIS), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 0, 30, tzinfo=PARIS), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 23, 45, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 25, 23, 59, tzinfo=PARIS), date(2026, 11, 25)),
    ],
)
def test_tonight_is_judged_once_it_must_have_begun_and_last_night_before(now, judged):
    assert watching.night_of(now) == judged


def test_last_night_is_late_whatever_the_hour():
    after_midnight = datetime(2026, 11, 26, 0, 10, tzinfo=PARIS)
    assert watching.of_night(after_midnight, WORKS, "")[0] == watching.BAD


@pytest.mark.parametrize(("freeze", "code"), [("2026-06-20/2026-12-01", 0), ("true", 0), ("oui", 2), ("2026-06-20 au 2026-09-01", 2)])  # fmt: skip
def test_a_freeze_is_fine_and_said_but_one_typed_badly_is_not(freeze, code):
    frozen = night("Gel jusqu'au 1er décembre 2026 inclus : rien n'est écrit dans ecampus avant le 2 décembre 2026.")
    told = watching.of_night(moment(7, 0), frozen, freeze)
    assert told[0] == code
    if code:
        assert told[1] == (
            f"Gel par précaution : la variable ecampus_freeze vaut « {freeze} », que personne ne sait lire ; rien n'est"
            " écrit dans ecampus. Y mettre false, true, ou une période comme 2026-06-20/2026-09-01."
        )
    else:
        assert told[1].startswith("La nuit du 25 novembre 2026 s'est terminée à 05h12. Gel jusqu'au 1er décembre")


@pytest.mark.parametrize(
    ("questions", "since", "told"),
    [
        (0, None, (0, GOOD)),
        (1, date(2026, 11, 25), (1, f"{GOOD} 1 question attend une réponse depuis cette nuit : « make approve », ou la question de « Décisions (06h15) » dans Airflow.")),
        (2, date(2026, 11, 23), (1, f"{GOOD} 2 questions attendent une réponse depuis 3 nuits : « make approve », ou la question de « Décisions (06h15) » dans Airflow.")),
    ],
)  # fmt: skip
def test_what_waits_for_people_is_said_with_its_nights(questions, since, told):
    assert watching.waiting((0, GOOD), date(2026, 11, 25), questions, since) == told
