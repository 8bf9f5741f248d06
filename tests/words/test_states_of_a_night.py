"""How a night stands, to the letter."""

from __future__ import annotations

import pytest

from ecampus.calendar import PHASES
from ecampus.words import standing
from ecampus.words.standing import Standing
from standings import DAY, FAILED, moment, night


@pytest.mark.parametrize(
    ("phases", "title", "sentence"),
    [
        (
            night(),
            "Nuit du 25 novembre 2026 : bien terminée",
            "La nuit du 25 novembre 2026 s'est bien terminée à 05h12.",
        ),
        (
            night("Gel sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus."),
            "Nuit du 25 novembre 2026 : terminée, avec une remarque",
            "La nuit du 25 novembre 2026 s'est terminée à 05h12. Gel sans date de fin (variable ecampus_freeze) : rien"
            " n'est écrit dans ecampus.",
        ),
        (
            FAILED,
            "Nuit du 25 novembre 2026 : arrêtée aux Inscriptions",
            "La nuit du 25 novembre 2026 s'est arrêtée aux Inscriptions à 04h16 : Moodle ne répond pas. Pas à jour :"
            " Inscriptions, Groupes.",
        ),
        (
            night(offer=Standing("offer", "failed")),
            "Nuit du 25 novembre 2026 : arrêtée à l'Offre de formation",
            "La nuit du 25 novembre 2026 s'est arrêtée à l'Offre de formation : raison inconnue, voir le journal. Pas à"
            " jour : Offre de formation.",
        ),
        (
            night(enrolments=Standing("enrolments", "running", moment(4, 15)), groups=Standing("groups")),
            "Nuit du 25 novembre 2026 : pas finie",
            "La nuit du 25 novembre 2026 n'est pas finie : « Inscriptions » est en cours depuis 04h15, « Groupes » n'a"
            " pas commencé.",
        ),
        (
            [Standing(phase) for phase in PHASES],
            "Nuit du 25 novembre 2026 : rien n'a commencé",
            "Rien n'a commencé la nuit du 25 novembre 2026 : regarder si l'ordonnanceur d'Airflow tourne, et si les"
            " cinq DAG ne sont pas en pause.",
        ),
    ],
    ids=["good", "frozen", "failed", "failed without a word", "not ended", "nothing"],
)
def test_a_night_in_one_sentence(phases, title, sentence):
    assert standing.title(DAY, phases) == title
    assert standing.sentence(DAY, phases) == sentence
