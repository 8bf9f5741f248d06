"""``make why``: the last night's store is all that it reads."""

from __future__ import annotations

import pytest

from ecampus.local import why_command
from kept_nights import night
from world import university

pytestmark = pytest.mark.usefixtures("no_doubt")
UNIVERSITY = {
    "categorie": """
        code | libelle | code_parent | code_composante
        SCI  | sciences |            | SCI
    """,
    "element": """
        code | libelle | code_categorie | a_distance
        L1   | algèbre | SCI            | N
    """,
    "groupe": """
        code | libelle
        G1   | TD1
    """,
    "groupe_element": """
        code_groupe | code_element
        G1          | L1
    """,
    "groupe_etudiant": """
        code_groupe | code_etudiant
        G1          | 100
    """,
    "inscription_pedagogique": """
        code_etudiant | code_etape | code_element
        200           | V1         | L1
    """,
    "etape": """
        code | libelle | code_composante
        V1   | licence | SCI
    """,
    "inscription_administrative": """
        code_etudiant | code_etape | tele_enseignement
        100           | V1         | N
        200           | V1         | N
    """,
}


@pytest.fixture
def asked(tmp_path, monkeypatch, capsys):
    """``asked(arguments)``: the exit code, what is printed, and what is printed as an error."""
    night(university(**UNIVERSITY), tmp_path / "store")
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("ECAMPUS_STORE", f"file://{tmp_path / 'store'}")

    def ask(*arguments: str) -> tuple[int, str, str]:
        code = why_command.main([*arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ask


def test_a_person_and_a_course(asked):
    code, told, _ = asked("--who", "200", "--where", "l1")
    assert code == 0
    assert told.splitlines()[:3] == [
        "Question : Pourquoi l'étudiant 200 est-il, ou n'est-il pas, dans L1 ?",
        "Réponse : Non : l'étudiant 200 n'est pas dans l'espace L1 « algèbre ».",
        "Raison : inscription pédagogique à L1, mais dans aucun de ses groupes : c'est le groupe qui inscrit.",
    ]


def test_a_person_has_all_their_courses(asked):
    assert asked("--who", "100")[1].splitlines()[0] == "L'étudiant 100 est dans l'espace qui le concerne."
    assert asked("--who", "200")[1].splitlines()[0] == "L'étudiant 200 n'est pas dans l'espace qui le concerne."


def test_a_course_has_its_people_and_those_who_are_not_there(asked):
    lines = asked("--where", "L1")[1].splitlines()
    assert lines[0] == "L1 « algèbre » a son espace, avec 1 étudiant ; il est caché aux étudiants."
    assert "  e100 (étudiant), par le groupe G1" in lines
    assert "  200 : inscription pédagogique, mais dans aucun groupe" in lines


def test_a_group_has_its_courses_and_its_students(asked):
    lines = asked("--where", "G1")[1].splitlines()
    assert lines[0] == "Le groupe G1 « TD1 » inscrit son étudiant dans L1."
    assert "  100, L1 : inscrit" in lines


def test_an_etape_has_its_students(asked):
    lines = asked("--where", "v1")[1].splitlines()
    assert lines[0] == "L'étape V1 a 2 inscrits, tous membres de sa cohorte."
    assert lines[-2:] == ["  100 : membre de la cohorte", "  200 : membre de la cohorte"]


def test_somebody_whom_nothing_knows(asked):
    code, told, _ = asked("--who", "999", "--where", "L1")
    assert (code, told) == (
        1,
        "Personne n'a le code, l'identifiant ou le nom « 999 » : ni l'annuaire, ni REFER, ni ecampus ne le connaît cette"
        " nuit. Vérifier le code.\n",
    )


def test_before_any_night_nothing_is_said_to_be_unknown(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("ECAMPUS_STORE", f"file://{tmp_path / 'vide'}")
    told = "Aucune nuit n'a encore été calculée : il n'y a rien à expliquer.\n"
    assert asked("--where", "L1") == (2, "", told)


def test_of_several_people_of_one_name_each_is_told_by_codes_and_none_answered_for_another(asked):
    code, told, _ = asked("--who", "camille")
    assert code == 0
    assert told.splitlines() == [
        "2 personnes répondent à cela. De laquelle s'agit-il ?",
        "  étudiant 100, e100",
        "  étudiant 200, e200",
    ]


def test_without_a_question_it_asks_for_one(asked):
    code, _, told = asked()
    assert (code, told) == (2, "Dire de qui, ou de quoi : WHO=22100123, WHERE=L1CAS101, ou les deux.\n")
