"""What staff read when the register and Moodle do not go together, to the letter."""

from __future__ import annotations

import pytest

from ecampus.night import recovering as night
from ecampus.safety import whose
from ecampus.words import recovering
from tables import owned

URL = "https://ecampus.univ.fr"
FOUND = {
    whose.SAME: "Rien à reprendre : le registre et Moodle se connaissent.",
    whose.NEW: "Rien à reprendre : ni le registre ni Moodle n'ont encore servi.",
    whose.REGISTER_BEHIND: (
        f"Moodle ({URL}) en est au n° 40 et le registre au n° 20 : la base des inscriptions a été restaurée. Ce que les"
        " journaux disent avoir fait depuis, et que Moodle montre, redevient à ecampus."
    ),
    whose.MOODLE_BEHIND: (
        f"Le registre en est au n° 20 et Moodle ({URL}) au n° 40 : Moodle a été restauré. Ce qui n'y est plus, ou y est"
        " autre chose, n'est plus à ecampus ; ce qui y revient le redevient."
    ),
    whose.NO_MARK: f"Moodle ({URL}) n'a plus la marque du registre, la cohorte « ecampus » : elle est refaite.",
    night.EMPTIED: (
        f"Le registre et Moodle ({URL}) en sont au même n° 40, et le registre ne dit plus rien de ce qui est à ecampus : ses"
        " tables ont été vidées. Ce que les journaux disent et que Moodle montre redevient à ecampus ; le reste s'adopte"
        " (make owned)."
    ),
    night.LOST: (
        f"Le registre est vide et Moodle ({URL}) est tenu par un autre, au n° 40. Si cet autre existe encore, ne pas"
        " confirmer : corriger la connexion « enrolment_db ». S'il est perdu, celui-ci prend son nom et son numéro, et ce"
        " que les journaux disent et que Moodle montre redevient à ecampus ; le reste s'adopte (make owned)."
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_is_the_matter(case):
    assert recovering.found(case, URL, 20, 40) == FOUND[case]


def test_what_changes_in_the_register_by_codes_and_numbers():
    rows = owned(
        course="id | key ; 7 | A ; 8 | B", group_member="group_id | user_id ; 3 | 11 ; 3 | 12",
        account="user_id | population | code ; 11 | student | S1",
    )  # fmt: skip
    gained = {"course": rows["course"], "group_member": rows["group_member"]}
    assert recovering.changes(gained, {"account": rows["account"]}, {}) == (
        "Redevient à ecampus, ou y est connu autrement :\n"
        "  2 cours : A, B\n"
        "  2 membres de groupes : n° 3\n"
        "N'est plus à ecampus :\n"
        "  1 compte : S1"
    )
    assert recovering.changes({}, {}, {"course": rows["course"].head(1)}) == (
        "Dit par les journaux, et que rien ne montre : laissé :\n  1 cours : A"
    )
    assert recovering.changes({}, {}, {}) == "Rien d'autre ne change dans le registre."


def test_many_are_shown_by_their_beginning():
    many = owned(cohort="id | code ; " + " ; ".join(f"{number} | E{number:02}" for number in range(12)))["cohort"]
    told = recovering.changes({"cohort": many}, {}, {})
    assert told.endswith("12 cohortes : E00, E01, E02, E03, E04, E05, E06, E07, E08, E09 … et 2 de plus")


def test_what_is_said_before_and_after():
    assert recovering.CONFIRM == (
        "Rien n'est encore écrit. Vérifier d'abord que les connexions « moodle » et « enrolment_db » mènent aux bonnes"
        " bases, puis confirmer : make recover CONFIRM=1, ou le DAG « Reprendre le registre » avec « confirm »."
    )
    assert recovering.done(False) == "Repris. Rien n'a été écrit dans Moodle ; la nuit prochaine fait le reste."
    assert recovering.done(True) == (
        "Repris. Rien n'a été écrit dans Moodle, que sa marque ; la nuit prochaine fait le reste."
    )
    assert recovering.matching(850, 900) == "Sur les 900 objets à ecampus, 850 y sont tels quels."


def test_rows_that_are_put_back_and_what_a_freeze_forbids():
    assert recovering.rows(12, 3) == (
        "La table des inscriptions a été restaurée aussi : 12 lignes publiées depuis y manquent, 3 retirées depuis y sont"
        " revenues ; elles y sont remises et retirées."
    )
    assert recovering.frozen("Gelé jusqu'au 1er septembre 2026.") == (
        "Gelé jusqu'au 1er septembre 2026. Reprendre écrirait la marque de Moodle ou la table des inscriptions : rien n'est"
        " fait ; attendre la fin du gel, ou le lever."
    )


def test_what_is_refused_and_which_connection_to_correct():
    assert recovering.another_register("le-notre", "un-autre", URL) == (
        f"Rien à reprendre ici : le Moodle de {URL} est tenu par le registre un-autre, et celui de la connexion"
        " « enrolment_db » est le-notre, qui connaît un autre Moodle. Corriger « enrolment_db » pour qu'elle mène à la base"
        " de l'un, ou « moodle » pour qu'elle mène au Moodle de l'autre."
    )
    assert recovering.another_moodle(URL, 3, 900) == (
        f"Le Moodle de {URL} n'est pas celui que ce registre connaît : sur 900 objets à ecampus, il n'en a que 3 tels"
        " quels, et rien n'est repris. Corriger la connexion « moodle » ; à une nouvelle plateforme il faut un registre"
        " neuf : une base vide dans la connexion « enrolment_db »."
    )


def test_rows_whose_login_moodle_lost_are_counted():
    assert recovering.rows_back(1) == (
        "1 inscription nomme un identifiant que son compte n'a plus : elle nomme celui qu'il a de nouveau."
    )
    assert recovering.rows_back(12) == (
        "12 inscriptions nomment un identifiant que leur compte n'a plus : elles nomment celui qu'il a."
    )
