"""What staff read of a night that waits to be approved as a whole, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import passages

NOTHING = (
    " : rien n'est écrit dans ecampus avant qu'une personne l'approuve. Décider : « make approve », ou la question"
    " de « Décisions (06h15) » dans Airflow."
)


@pytest.mark.parametrize(
    ("reason", "other", "told"),
    [
        ("first", None, "Première nuit sur ce Moodle"),
        ("thaw", None, "Sortie du gel"),
        (
            "year",
            ("annee", "2026", "2027"),
            "Première nuit de la nouvelle année (l'année : 2026 jusqu'ici, 2027 maintenant)",
        ),
        (
            "site",
            ("managed_root", None, "OFFRE"),
            "Première nuit avec d'autres systèmes (la catégorie racine : aucune jusqu'ici, OFFRE maintenant)",
        ),
        (
            "site",
            ("ldap", "ldap.univ.fr/dc=univ", "autre/dc=univ"),
            "Première nuit avec d'autres systèmes (l'annuaire LDAP : ldap.univ.fr/dc=univ jusqu'ici, autre/dc=univ"
            " maintenant)",
        ),
    ],
)
def test_why_a_run_writes_nothing(reason, other, told):
    assert passages.waits(reason, other) == told + NOTHING


def test_the_question():
    assert passages.told("thaw", "2026-09-01") == (
        "Sortie du gel : voici ce que la nuit suivante ferait, d'après celle du 1er septembre 2026. Approuver vaut pour"
        " la nuit suivante, à ses heures, dans les sept jours ; ce qui dépasserait ces chiffres de plus que les limites"
        " habituelles serait retenu."
    )
    assert passages.options() == ["Ouvrir la nuit suivante", "Ne rien écrire", "Plus tard"]


@pytest.mark.parametrize(
    ("counts", "units", "told"),
    [
        ({"cohort": {"create": 4, "rename": 1}}, 0, "Cohortes : 4 cohortes à créer, 1 cohorte à renommer"),
        ({}, 0, "Cohortes : aucun changement"),
        (
            None,
            1200,
            "Cohortes : 1\u00a0200 changements que comptent les limites ; le magasin ne montre plus les autres",
        ),
        (None, 1, "Cohortes : 1 changement que comptent les limites ; le magasin ne montre plus les autres"),
    ],
)
def test_a_line_for_each_phase(counts, units, told):
    assert passages.line("cohorts", counts, units) == told


def test_what_an_approval_would_not_do_is_counted_apart():
    counts = {"course": {"archive": 4}}
    assert passages.line("offer", counts, 0, 3) == (
        "Offre de formation : 4 cours à archiver, dont 3 changements retenus"
    )
    assert passages.line("offer", counts, 0, 1) == "Offre de formation : 4 cours à archiver, dont 1 changement retenu"


@pytest.mark.parametrize(("number", "told"), [(1, "1 objet de Moodle porte"), (94, "94 objets de Moodle portent")])
def test_what_carries_a_code_already_is_told_before_it_is_left(number, told):
    assert passages.taken(number) == (
        f"{told} déjà un code que REFER demande, et la nuit n'y touche pas : dire d'abord ce qui en est à ecampus (make"
        " owned, ou le DAG « Ce qui est à ecampus »), ou approuver sans"
    )
