"""What is mailed, to the letter: codes, places to mend, links; and the same in HTML."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ecampus.words import mailing
from ecampus.words.mailing import Mail
from ecampus.words.standing import Standing
from standings import DAY, FAILED, moment, night

BASE = "https://airflow.univ.fr"
PAGES = f"{BASE}/plugin/ecampus"
ONE, OTHER, COURSE = (
    ("IP_SANS_GROUPE", "L1CAS101 / 22100123", "L'étudiant 22100123 n'est dans aucun groupe.", "2026-11-25"),
    ("COURS_CACHE", "L1CAS405", "Le cours L1CAS405 est encore caché.", "2026-11-13"),
    ("ELEMENT_SANS_GROUPE", "L1CAS102", "L'élément L1CAS102 n'a aucun groupe.", "2026-09-01"),
)


def anomalies(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["code", "key", "sentence", "first_night"], dtype="str")


def to_sci(new: pd.DataFrame, old: pd.DataFrame, base: str | None = BASE) -> Mail:
    return mailing.of_composante("SCI", DAY, new, old, base, "pôle plateforme")


def test_a_composante_reads_what_is_new_where_to_mend_it_and_what_is_old_in_figures():
    mail = to_sci(anomalies(ONE), anomalies(OTHER, COURSE))
    assert mail.subject == "[ecampus] SCI : 1 anomalie nouvelle et 2 plus anciennes"
    assert mail.text.splitlines() == [
        "Composante SCI, nuit du 25 novembre 2026 : 1 anomalie nouvelle et 2 plus anciennes.",
        "À corriger dans Apogée :",
        f"- L'étudiant 22100123 n'est dans aucun groupe. Pourquoi ? {PAGES}/pourquoi?q=22100123+L1CAS101",
        "Pas encore corrigées : ecampus 1, Apogée 1 ; la plus ancienne depuis le 1er septembre 2026.",
        f"Les voir toutes : {PAGES}/anomalies?composante=SCI",
        "Ce qui est corrigé dans la journée se voit le lendemain matin. En cas de doute : pôle plateforme.",
    ]


def test_without_airflows_address_there_is_no_link():
    assert "http" not in to_sci(anomalies(ONE), anomalies(), base=None).text


def test_only_what_is_old_is_a_reminder():
    assert to_sci(anomalies(), anomalies(COURSE)).subject == "[ecampus] SCI : 1 plus ancienne"


def test_the_first_fifty_are_told_and_the_others_counted():
    many = anomalies(*[("IP_SANS_GROUPE", f"L1 / {n}", f"L'étudiant {n}.", "2026-11-25") for n in range(1060)])
    lines = to_sci(many, anomalies()).text.splitlines()
    assert sum(line.startswith("- ") for line in lines) == 50
    assert "… et 1\u00a0010 de plus." in lines


def test_the_same_in_html_escaped_with_its_links():
    new = anomalies(("ESPACE_SUSPECT", "x / y", 'L\'espace « <b>"A&B" » est suspect.', "2026-11-25"), ONE)
    assert to_sci(new, anomalies()).html.splitlines() == [
        "<p>Composante SCI, nuit du 25 novembre 2026 : 2 anomalies nouvelles.</p>",
        "<p>À corriger dans ecampus :</p>",
        "<ul>",
        f'<li>L\'espace « &lt;b&gt;"A&amp;B" » est suspect. <a href="{PAGES}/pourquoi?q=y">Pourquoi ?</a></li>',
        "</ul>",
        "<p>À corriger dans Apogée :</p>",
        "<ul>",
        f"<li>L'étudiant 22100123 n'est dans aucun groupe. <a href=\"{PAGES}/pourquoi?q=22100123+L1CAS101\">Pourquoi ?</a></li>",
        "</ul>",
        f'<p><a href="{PAGES}/anomalies?composante=SCI">Les voir toutes</a></p>',
        "<p>Ce qui est corrigé dans la journée se voit le lendemain matin. En cas de doute : pôle plateforme.</p>",
    ]


def test_an_address_in_the_words_of_others_is_a_link_too():
    mail = Mail("…", "Moodle dit <https://moodle.univ.fr/x?a=1&b=2>.")
    url = "https://moodle.univ.fr/x?a=1&amp;b=2"
    assert mail.html == f'<p>Moodle dit &lt;<a href="{url}">{url}</a>&gt;.</p>'


FIGURES = {"done": 1316, "held": 12, "new": 7, "anomalies": 63}


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (FIGURES, " 1 316 changements, 12 retenus, 7 anomalies nouvelles sur 63."),
        ({"done": 1, "held": 0, "new": 0, "anomalies": 0}, " 1 changement, aucune anomalie."),
        ({"done": 0, "held": 1, "new": 1, "anomalies": 1}, " Aucun changement, 1 retenu, 1 anomalie nouvelle sur 1."),
        ({"done": 0, "held": 0, "new": 0, "anomalies": 63}, " Aucun changement, aucune anomalie nouvelle sur 63."),
        (None, ""),
    ],
)
def test_the_platform_reads_one_line_a_night(figures, told):
    mail = mailing.of_night(DAY, night(), figures, None)
    assert mail == Mail(
        "[ecampus] Nuit du 25 novembre 2026 : bien terminée",
        f"La nuit du 25 novembre 2026 s'est bien terminée à 05h12.{told}",
    )


def test_a_night_that_stopped_is_told_with_the_way_to_its_page():
    assert mailing.of_night(DAY, FAILED, None, BASE).text.splitlines() == [
        "La nuit du 25 novembre 2026 s'est arrêtée aux Inscriptions à 04h16 : Moodle ne répond pas. Pas à jour :"
        " Inscriptions, Groupes.",
        f"Voir : {PAGES}/nuit",
    ]


@pytest.mark.parametrize(
    ("mail", "subject", "lines"),
    [
        (
            mailing.of_failure("offer", DAY, "Moodle ne répond pas.", BASE),
            "[ecampus] En échec : Offre de formation, nuit du 25 novembre 2026",
            ["Moodle ne répond pas.", "Corriger, relancer « 3. Offre de formation (04h00) » dans Airflow, puis les suivants. Attendent jusque-là : Inscriptions, Groupes.", f"Voir : {PAGES}/nuit"],
        ),
        (
            mailing.of_failure("groups", DAY, "Moodle ne répond pas.", None),
            "[ecampus] En échec : Groupes, nuit du 25 novembre 2026",
            ["Moodle ne répond pas.", "Corriger et relancer « 5. Groupes (05h00) » dans Airflow."],
        ),
        (
            mailing.of_held("offer", DAY, ["Retenu depuis le 25 novembre 2026 : 12 cours à archiver."], BASE),
            "[ecampus] Retenu : Offre de formation, nuit du 25 novembre 2026",
            ["Retenu depuis le 25 novembre 2026 : 12 cours à archiver.", f"Voir : {PAGES}/retenus"],
        ),
        (
            mailing.of_whole_night(DAY, "Sortie du gel : rien n'est écrit.", BASE),
            "[ecampus] Rien n'est écrit sans réponse, nuit du 25 novembre 2026",
            ["Sortie du gel : rien n'est écrit.", f"Voir : {PAGES}/retenus"],
        ),
        (
            mailing.of_freeze(DAY, "Gel par précaution.", BASE),
            "[ecampus] Gel illisible, nuit du 25 novembre 2026",
            ["Gel par précaution.", f"Voir : {PAGES}/nuit"],
        ),
        (
            mailing.of_lateness(DAY, night(groups=Standing("groups", "running", moment(5, 0))), BASE),
            "[ecampus] Pas finie à 06h00 : nuit du 25 novembre 2026",
            ["La nuit du 25 novembre 2026 n'est pas finie : « Groupes » est en cours depuis 05h00.", "Regarder dans Airflow quelle tâche travaille ou attend, et ce que dit son journal.", f"Voir : {PAGES}/nuit"],
        ),
    ],
    ids=["failed", "the last failed", "held", "a whole night", "a freeze typed badly", "late"],
)  # fmt: skip
def test_the_platform_is_told_at_once(mail, subject, lines):
    assert (mail.subject, mail.text.splitlines()) == (subject, lines)


def test_the_words_of_others_forge_no_line():
    mail = mailing.of_failure("groups", DAY, "Moodle dit :\nSubject: faux", None)
    assert mail.text.splitlines()[0] == "Moodle dit : Subject: faux"
    assert to_sci(anomalies(ONE), anomalies()).subject.isprintable()


def test_what_the_log_says():
    mail = Mail("[ecampus] SCI : 1 plus ancienne", "…")
    assert mailing.sent(mail, 1) == "Courriel envoyé (1 adresse) : [ecampus] SCI : 1 plus ancienne"
    assert mailing.sent(mail, 2) == "Courriel envoyé (2 adresses) : [ecampus] SCI : 1 plus ancienne"
    assert mailing.not_sent(mail, "ConnectionRefusedError") == (
        "Le courriel « [ecampus] SCI : 1 plus ancienne » n'est pas parti (ConnectionRefusedError) : vérifier la"
        " connexion Airflow « smtp_default », ou la variable ecampus_notifier."
    )
    assert mailing.without_address(["DROIT", "LET"]) == (
        "Sans adresse dans la variable ecampus_mail, donc sans courriel : DROIT, LET."
    )
    assert mailing.too_late(date(2026, 11, 1)) == (
        "La nuit du 1er novembre 2026 est passée : aucun courriel n'est envoyé."
    )
