"""The settings of Moodle on which a night hangs, each one wrong in turn: the sentence, to the letter."""

from __future__ import annotations

import pytest

from ecampus.errors import SourceRefused
from ecampus.moodle import plugins

PAGE = "Administration du site › Plugins › Inscriptions › Base de données externe"
RIGHT = {
    "dbtype": "mysqli",
    "debugdb": "0",
    "localcoursefield": "idnumber",
    "localuserfield": "username",
    "localrolefield": "shortname",
    "remoteenroltable": "enrolments",
    "remotecoursefield": "course_idnumber",
    "remoteuserfield": "username",
    "remoterolefield": "role",
    "remoteotheruserfield": "",
    "newcoursetable": "",
    "unenrolaction": "3",
    "ignorehiddencourses": "0",
    "defaultrole": "",
}
REMOVES = f"choisir « suspendre et retirer les rôles » (unenrolaction) dans {PAGE}"
WRONG = {
    ("unenrolaction", "0"): "l'action de désinscription est « désinscrire », qui détruit les notes et les groupes de"
    f" chaque personne retirée : {REMOVES} ; cette page la propose à chaque enregistrement.",
    ("unenrolaction", "1"): "l'action de désinscription est « garder » : qui est retiré garderait son rôle ;"
    f" {REMOVES}.",
    ("unenrolaction", "2"): "l'action de désinscription est « suspendre » : qui est retiré garderait son rôle ;"
    f" {REMOVES}.",
    ("defaultrole", "5"): "un rôle par défaut est choisi, que recevrait sans un mot toute ligne au rôle inconnu ; la page"
    " ne sait pas le vider et le remet à chaque enregistrement : php admin/cli/cfg.php --component=enrol_database"
    " --name=defaultrole --set=",
    ("ignorehiddencourses", "1"): "les cours cachés sont ignorés, et les nouveaux le sont : décocher"
    f" « ignorehiddencourses » dans {PAGE}.",
    ("remoteenroltable", "autre"): "« remoteenroltable » vaut « autre » au lieu de « enrolments » : le corriger dans"
    f" {PAGE}.",
    ("remoterolefield", ""): f"« remoterolefield » vaut rien au lieu de « role » : le corriger dans {PAGE}.",
    ("remoteotheruserfield", "autre"): "« remoteotheruserfield » vaut « autre » au lieu de rien : le corriger dans"
    f" {PAGE}.",
    ("localuserfield", "idnumber"): "« localuserfield » vaut « idnumber » au lieu de « username » : le corriger dans"
    f" {PAGE}.",
    ("dbtype", "mariadb"): "le pilote « mariadb » casse chaque réponse de Moodle : choisir « mysqli » (ou celui de la"
    f" base de la table) dans {PAGE}.",
    ("dbtype", ""): f"aucun pilote n'est choisi : choisir « mysqli » (ou celui de la base de la table) dans {PAGE}.",
    ("debugdb", "1"): f"des messages se mêlent aux réponses de Moodle : décocher « debugdb » dans {PAGE}.",
}  # fmt: skip


def wrong(**changed: str) -> list[plugins.Wrong]:
    return list(plugins.wrong_enrolment(RIGHT | changed, "enrolments"))


@pytest.mark.parametrize("table", ["enrolments", "ecampus.enrolments", "Enrolments"])
def test_nothing_is_wrong_with_the_right_ones_the_table_named_with_its_base_or_not(table):
    assert wrong(remoteenroltable=table) == []


@pytest.mark.parametrize(("setting", "value"), WRONG)
def test_each_wrong_one_is_one_sentence(setting, value):
    assert [(one.setting, one.sentence) for one in wrong(**{setting: value})] == [(setting, WRONG[setting, value])]


@pytest.mark.parametrize("setting", RIGHT)
def test_each_other_value_is_found(setting):
    other = "1" if RIGHT[setting] in ("", "0") or setting == "unenrolaction" else "mariadb"
    assert [one.setting for one in wrong(**{setting: other})] == [setting]


def test_what_was_never_saved_is_what_the_page_of_moodle_would_show():
    assert sorted(one.setting for one in plugins.wrong_enrolment({}, "enrolments")) == [
        "dbtype", "localuserfield", "remotecoursefield", "remoteenroltable", "remoterolefield", "remoteuserfield",
        "unenrolaction",
    ]  # fmt: skip


def test_only_what_loses_peoples_work_stops_a_phase():
    destroys = {one.setting for setting, value in WRONG for one in wrong(**{setting: value}) if one.destroys}
    assert destroys == {"unenrolaction"}
    plugins.refuse(wrong(unenrolaction="1", defaultrole="5"), "https://ecampus.univ.fr")
    with pytest.raises(SourceRefused) as refused:
        plugins.refuse(wrong(unenrolaction="0"), "https://ecampus.univ.fr")
    assert str(refused.value) == (
        "Sur Moodle (https://ecampus.univ.fr), enrol_database : l'action de désinscription est « désinscrire », qui détruit"
        f" les notes et les groupes de chaque personne retirée : {REMOVES} ; cette page la propose à chaque"
        " enregistrement. Rien n'est écrit d'ici là."
    )


PLUGIN = "Administration du site › Plugins › Authentification › cas"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, []),
        ({"removeuser": "0", "field_map_idnumber": "supannEtuId", "field_updatelocal_idnumber": "oncreate"}, []),
        (
            {"removeuser": "2"},
            [
                (
                    "removeuser",
                    "la méthode « cas » supprime les comptes qu'elle ne trouve plus, avec leurs travaux : choisir de les"
                    f" garder dans {PLUGIN}.",
                    False,
                )
            ],
        ),
        (
            {"removeuser": "1"},
            [
                (
                    "removeuser",
                    "la méthode « cas » suspend elle-même les comptes qu'elle ne trouve plus, et ecampus ne réactive que"
                    f" ceux qu'il a suspendus : choisir de les garder dans {PLUGIN}.",
                    True,
                )
            ],
        ),
        (
            {"field_map_idnumber": "uidNumber", "field_updatelocal_idnumber": "onlogin"},
            [
                (
                    "field_map_idnumber",
                    "à chaque connexion le numéro d'identification devient uidNumber : vérifier que c'est le même code"
                    f" que celui d'ecampus, ou choisir « à la création » dans {PLUGIN}.",
                    True,
                )
            ],
        ),
    ],
)
def test_the_plugin_of_the_method_must_leave_accounts_and_codes_alone(settings, told):
    found = plugins.wrong_authentication("cas", settings)
    assert [(one.setting, one.sentence, one.lesser) for one in found] == told


@pytest.mark.parametrize(
    ("started", "told"),
    [
        ("999100", None),
        (
            "999099",
            "le cron de Moodle n'a pas tourné depuis 15 min : le relancer, chaque minute (php admin/cli/cron.php).",
        ),
        (
            "989200",
            "le cron de Moodle n'a pas tourné depuis 3 h : le relancer, chaque minute (php admin/cli/cron.php).",
        ),
        ("0", "le cron de Moodle n'a jamais tourné : l'installer, chaque minute (php admin/cli/cron.php)."),
        (None, "le cron de Moodle n'a jamais tourné : l'installer, chaque minute (php admin/cli/cron.php)."),
    ],
)
def test_the_cron_ran_within_a_quarter_of_an_hour(started, told):
    assert plugins.wrong_cron(started, now=1_000_000) == told
