"""An account that sees one composante: each page shows what is of it, and tells in one sentence what is not."""

from __future__ import annotations

import pytest
from campus import night_after
from visits import visit

from ecampus.explain.reach import Reach
from ecampus.words import searching

LIMITED = "Votre compte ne voit que la composante DROIT. Pour le reste : pôle plateforme."
SCIENCES = "Le cours L1CAS101 relève de SCIENCES : votre compte ne le voit pas. À qui demander : pôle plateforme."
OF_ALL = (
    "Cette page montre toutes les composantes, votre compte ne voit que la composante DROIT : demandez ce droit à qui"
    " gère Airflow."
)


def of(campus, *composantes: str):
    return visit(campus.store, lambda: campus.register, reach=Reach(frozenset(composantes)))


@pytest.fixture
def clerk(campus):
    return of(campus, "DROIT")


def nobody(q: str) -> str:
    return searching.unknown_here(q, ["DROIT"], "pôle plateforme")


def test_every_page_says_that_it_does_not_show_all(clerk):
    pages = ["nuit", "anomalies", "changements", "historique", "pourquoi", "pourquoi?q=22900101", "aide"]
    assert {page: clerk.reads(page)[-1] for page in pages} == dict.fromkeys(pages, LIMITED)


def test_the_anomalies_and_their_spreadsheet_are_those_of_the_composante_and_none_without(campus, clerk):
    words = clerk.reads("anomalies")
    assert words[0] == "Anomalies de DROIT"
    assert "les voir" not in words
    everybody = visit(campus.store)
    assert [clerk.get(page).content for page in ("anomalies.csv", "anomalies.csv?composante=DROIT")] == [
        everybody.get("anomalies.csv?composante=DROIT").content
    ] * 2
    assert b"22900101;" not in clerk.get("anomalies.csv").content


def test_a_name_finds_what_is_of_the_composante_alone(clerk):
    assert clerk.reads("pourquoi?q=thermodynamique+classique")[1] == nobody("thermodynamique classique")
    assert "M1CAS306 « droit maritime » (cours)" in clerk.reads("pourquoi?q=droit+maritime")


def test_no_address_and_no_cookie_names_another_composante(clerk):
    told = (
        "Votre compte ne voit pas la composante {}, il voit la composante DROIT : demandez ce droit à qui gère Airflow."
    )
    for page in ("nuit", "anomalies", "anomalies.csv", "changements", "changements/comparer"):
        for named in ("SCIENCES", "aucune"):
            answer = clerk.get(f"{page}?composante={named}")
            assert (answer.status_code, told.format(named) in answer.text) == (403, True)
    clerk.client.cookies.set("ecampus_composante", "SCIENCES")
    assert clerk.reads("anomalies")[0] == "Anomalies de DROIT"


def test_of_several_composantes_one_may_be_chosen(campus):
    clerk = of(campus, "DROIT", "LANGUES")
    assert clerk.reads("nuit", "details") == [
        "Ma composante :", "Toutes", "DROIT", "UFR de droit et sciences politiques", "LANGUES",
        "UFR de langues vivantes étrangères", "Toutes",
    ]  # fmt: skip
    assert clerk.reads("anomalies")[0] == "Anomalies"
    clerk.get("composante?choix=LANGUES")
    assert clerk.reads("anomalies")[0] == "Anomalies de LANGUES"
    assert clerk.reads("anomalies")[-1] == (
        "Votre compte ne voit que les composantes DROIT et LANGUES. Pour le reste : pôle plateforme."
    )


def test_an_account_of_one_composante_has_nothing_to_choose(clerk):
    assert clerk.reads("nuit", "details") == [
        "Ma composante :", "DROIT", "DROIT", "UFR de droit et sciences politiques",
    ]  # fmt: skip


def test_the_night_tells_its_figures_but_neither_questions_nor_reports(campus, clerk):
    campus.table(
        "INSERT INTO ecampus_decision (phase, unit, digest, question, state, night)"
        " VALUES ('offer', 'course|archive|L1', 'x', 'archive_course', 'asked', '2026-11-23')"
    )
    text = clerk.get("nuit").text
    assert "1 changement attend une décision." in text
    assert "rapport" not in [word.lower() for word in clerk.reads("nuit")[9:]]
    assert "À décider" not in clerk.reads("nuit")
    assert 'href="/ecampus/retenus"' not in text
    assert clerk.reads("nuit", "nav") == [
        "Pourquoi ?", "Anomalies", "Cette nuit", "Changements", "Historique", "Aide",
    ]  # fmt: skip


def test_what_shows_all_composantes_is_refused(clerk):
    for page in ("retenus", "rapport?dag=ecampus_offer&run=run", "rapport/complet?dag=ecampus_offer&run=run"):
        answer = clerk.get(page)
        assert (answer.status_code, OF_ALL in answer.text) == (403, True)


def test_changes_are_those_of_the_composante_whatever_is_asked(campus, clerk):
    everybody = visit(campus.store)
    assert clerk.reads("changements")[:2] == everybody.reads("changements?composante=DROIT")[:2]
    assert clerk.reads("changements?cours=L1CAS101")[1] == "Dans la composante DROIT : aucun changement."
    assert everybody.reads("changements?cours=L1CAS101")[1].startswith("4 lignes. Fait : 1 cours créé")
    mine = clerk.reads("changements?qui=e2900101")
    assert mine[1] == ("Dans la composante DROIT : 2 lignes. Fait : 1 inscription publiée ; 1 membre de groupe ajouté.")
    assert "compte créé" in everybody.reads("changements?qui=e2900101")[1]
    pair = "changements/comparer?une=2026-11-22&autre=2026-11-23"
    assert clerk.reads(pair)[:-1] == everybody.reads(f"{pair}&composante=DROIT")


def test_a_student_of_two_composantes_is_shown_with_the_courses_of_one(clerk):
    words = clerk.reads("pourquoi?q=22900101")
    assert words[0] == "Dans la composante DROIT : l'étudiant 22900101 est dans l'espace qui le concerne."
    *shown, ticket = [word for word in words if "« " in word]
    assert shown == ["M1CAS306 « droit maritime »"]
    assert ticket.startswith(words[0])
    assert clerk.reads("pourquoi?q=marchand+lina")[0] == words[0]


def test_why_somebody_is_in_a_course_is_told_of_a_course_of_the_composante(clerk):
    assert clerk.reads("pourquoi?q=22900101+M1CAS306")[:2] == [
        "Oui : l'étudiant 22900101 est dans l'espace M1CAS306 « droit maritime ». Mais l'espace est caché aux étudiants.",
        "Marchand Lina",
    ]


def test_a_course_of_another_composante_says_of_which_and_names_nobody(clerk):
    for q in ("L1CAS101", "22900101 L1CAS101", "marchand lina l1cas101"):
        words = clerk.reads(f"pourquoi?q={q.replace(' ', '+')}")
        assert words[1] == SCIENCES
        assert not any("Lina" in word for word in words)


def test_who_has_nothing_in_the_composante_is_told_as_who_does_not_exist(clerk):
    for q in ("22100147", "e2100147", "hébert yanis", "yanis", "22100147 M1CAS306", "00041003", "99999999", "zzz"):
        assert clerk.reads(f"pourquoi?q={q.replace(' ', '+')}")[1] == nobody(q)


def test_whom_nothing_is_known_of_to_the_letter(clerk):
    assert clerk.reads("pourquoi?q=zzz")[1] == (
        "Rien n'est connu sous « zzz » cette nuit dans la composante DROIT : ni cours, ni groupe, ni étape, ni personne"
        " qui y ait une étape, une inscription pédagogique, un groupe ou une séance. Vérifier ce qui est écrit. Pour le"
        " reste : pôle plateforme."
    )


def test_a_course_a_group_and_an_etape_of_the_composante_have_their_pages_those_of_another_have_none(campus, clerk):
    assert clerk.reads("pourquoi?q=M1CAS306")[0].startswith("M1CAS306 « droit maritime » a son espace, avec 1 étudiant")
    assert clerk.reads("pourquoi?q=M1CAS306-TD1")[0].startswith("Le groupe M1CAS306-TD1 ")
    assert clerk.reads("pourquoi?q=MCAS1_1")[0].startswith("L'étape MCAS1_1 ")
    for q in ("L1CAS306-CM", "LCAS1_1"):
        assert visit(campus.store).reads(f"pourquoi?q={q}")[1] != nobody(q)
        assert clerk.reads(f"pourquoi?q={q}")[1] == nobody(q)


def test_a_student_of_an_etape_alone_is_of_its_composante(campus):
    languages = of(campus, "LANGUES")
    assert languages.reads("pourquoi?q=22100123")[0] == (
        "Dans la composante LANGUES : aucun espace ne concerne l'étudiant 22100123 cette année."
    )
    assert of(campus, "DROIT").reads("pourquoi?q=22100123")[1] == nobody("22100123")


def test_a_course_that_refer_has_no_more_is_of_the_composante_that_the_nights_gave_it(campus, clerk):
    campus.refer("DELETE FROM refer_element WHERE code = 'M1CAS306'")
    for phase in ("offer", "enrolments"):
        campus.play(phase, "suivante", night_after(1))
    assert clerk.reads("pourquoi?q=M1CAS306")[0].startswith("M1CAS306 ")
    assert of(campus, "LANGUES").reads("pourquoi?q=M1CAS306")[1] == (
        "Le cours M1CAS306 relève de DROIT : votre compte ne le voit pas. À qui demander : pôle plateforme."
    )


def test_a_course_made_by_hand_is_of_no_composante(clerk):
    assert clerk.reads("pourquoi?q=BU-FORM")[1] == (
        "Le cours BU-FORM n'est d'aucune composante connue : votre compte ne le voit pas. À qui demander : pôle"
        " plateforme."
    )
