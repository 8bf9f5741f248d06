"""Moodle looked at by the preflight: each function, right, role and setting taken away in turn."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from ecampus.calendar import PHASES
from ecampus.moodle import reads
from ecampus.moodle.answers import TOGETHER
from ecampus.moodle.capabilities import CAPABILITIES, LESSER, ONLY_WRITTEN, SILENT
from ecampus.moodle.functions import SITE, needed
from ecampus.night.preflight import moodle, moodle_database
from ecampus.night.preflight.inspection import Inspection
from ecampus.words.findings import BAD, GOOD, UNSEEN, WARNING, Finding, ready
from sandbox.box import Box, open_box
from sandbox.moodle import categories
from sandbox.moodle.database import TOKEN_ROLE
from university import NIGHT, BoxSystems

FUNCTIONS = sorted({name for phase in PHASES for name in needed(phase, reading=True)} - {*SITE})
SEEN_BY_REST = [name for name in CAPABILITIES if name not in (*ONLY_WRITTEN, *SILENT)]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Box]:
    """A hidden course is there, and courses in a category that can be hidden."""
    with open_box(tmp_path_factory.mktemp("box"), size=2, today=NIGHT, sync_every=None) as box:
        db = box.moodle.db
        db.update("course", db.value("SELECT max(id) FROM mdl_course"), visible=0)
        yield box


@pytest.fixture
def box(sandbox) -> Iterator[Box]:
    """As it was, after each test; its cron has just run."""
    sandbox.moodle.sync()
    with closing(sqlite3.connect(":memory:")) as kept:
        sandbox.moodle.db.connection.backup(kept)
        yield sandbox
        kept.backup(sandbox.moodle.db.connection)


def by_rest(box: Box, reading: bool = True, **site: Any) -> list[Finding]:
    systems = BoxSystems(box, site)
    moodle.look(found := Inspection(), systems, systems.settings(NIGHT), reading)
    return found.findings


def in_its_database(
    box: Box, says: dict[str, Any] | None = None, meanwhile: Callable[[], object] = int
) -> list[Finding]:
    """``meanwhile``: once the site has said what it is."""
    systems, found = BoxSystems(box, by_database=True), Inspection()
    client = systems.moodle()
    there = moodle.Site(client, reads.site(client) | (says or {}))
    meanwhile()
    moodle_database.look(found, moodle_database.opened(found, systems), systems.settings(NIGHT), there)
    return found.findings


def signs(found: list[Finding]) -> dict[str, str]:
    """What is not ✓."""
    return {one.subject: one.sign for one in found if one.sign != GOOD}


def sentence(found: list[Finding], subject: str) -> str:
    return next(one.sentence for one in found if one.subject == subject and one.sign != GOOD)


class TestFunctions:
    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_each_that_the_service_lacks_is_named_with_the_phases_that_call_it(self, box, function):
        box.moodle.withdraw(function)
        found = by_rest(box)
        titles = [f"« {title} »" for phase, title in PHASES.items() if function in needed(phase, reading=True)]
        assert signs(found)[function] == BAD
        assert sentence(found, function) == (
            f"absente du service web du jeton ({', '.join(titles)}) : un administrateur l'ajoute dans Administration ›"
            " Serveur › Services web › Services externes › Fonctions."
        )
        assert "connexion" not in signs(found)

    def test_the_optional_one_is_a_warning_that_says_what_it_costs(self, box):
        box.moodle.withdraw(TOGETHER)
        found = by_rest(box)
        assert signs(found) == {TOGETHER: WARNING}
        assert sentence(found, TOGETHER) == (
            "facultative et absente (« Inscriptions ») : les espaces complémentaires se lisent un par un, un septième"
            " chaque nuit, au lieu de tous par 200"
        )
        assert ready(found)

    def test_those_that_only_read_may_be_absent_where_its_database_is_read(self, box):
        for function in set(FUNCTIONS) - {name for phase in PHASES for name in needed(phase, reading=False)}:
            box.moodle.withdraw(function)
        found = by_rest(box, reading=False)
        assert not {name for name in signs(found) if name.startswith("core_")}


SHOWS = {
    "webservice/rest:use": "connexion",
    "moodle/user:viewdetails": "comptes",
    "moodle/user:viewalldetails": "comptes",
    "moodle/site:viewuseridentity": "comptes",
    "moodle/user:create": "création de comptes",
    "moodle/user:update": "méthode cas",
    "moodle/category:viewhiddencategories": "catégories cachées",
    "moodle/category:manage": "catégories",
    "moodle/course:view": "cours",
    "moodle/course:viewhiddencourses": "cours",
    "moodle/course:update": "cours",
    "moodle/course:create": "création de cours",
    "moodle/course:enrolreview": "inscrits",
    "moodle/course:managegroups": "groupes",
}


class TestCapabilities:
    def test_each_is_known_to_be_shown_or_not(self):
        assert list(SHOWS) == SEEN_BY_REST

    @pytest.mark.parametrize("capability", SHOWS)
    def test_one_that_a_read_or_a_refused_creation_shows_is_a_line_and_hides_no_other(self, box, capability):
        if capability == "moodle/category:viewhiddencategories":
            categories.hide(box.moodle.db, 1)
        box.moodle.deny(capability)
        found = by_rest(box)
        assert [name for name, sign in signs(found).items() if sign == BAD] == [SHOWS[capability]]
        assert ("comptes" in signs(found)) == (SHOWS[capability] in ("comptes", "connexion"))

    def test_cohorts_that_may_not_be_seen_are_told(self, box):
        for capability in ("moodle/cohort:manage", "moodle/cohort:view"):
            box.moodle.deny(capability)
        assert signs(by_rest(box)) == {"cohortes": BAD}

    @pytest.mark.parametrize("capability", CAPABILITIES)
    def test_its_database_names_each_with_what_a_night_is_without_it(self, box, capability):
        found = in_its_database(box, meanwhile=lambda: box.moodle.deny(capability))
        assert signs(found) == {capability: WARNING if capability in LESSER else BAD}
        assert sentence(found, capability) == (
            "manque au rôle du compte du jeton, au niveau du site : sans elle,"
            f" {CAPABILITIES[capability]} ; un administrateur l'ajoute."
        )

    def test_a_role_that_every_account_has_may_give_them_and_one_that_forbids_wins(self, box):
        db = box.moodle.db
        db.run("INSERT INTO mdl_config VALUES ('defaultuserroleid', '7')")
        db.run("UPDATE mdl_role_capabilities SET roleid = 7 WHERE capability = 'moodle/course:create'")
        assert signs(in_its_database(box)) == {}
        db.run("UPDATE mdl_role_capabilities SET permission = -1000 WHERE capability = 'moodle/course:create'")
        db.allow("moodle/course:create")
        assert signs(in_its_database(box)) == {"moodle/course:create": BAD}

    def test_a_role_given_elsewhere_than_on_the_whole_site_gives_nothing(self, box):
        db = box.moodle.db
        there = db.context(40, 1)
        db.run("UPDATE mdl_role_assignments SET contextid = ? WHERE roleid = ?", (there, TOKEN_ROLE))
        assert set(signs(in_its_database(box))) == set(CAPABILITIES)


class TestTheSite:
    def test_an_administrators_token_is_a_warning(self, box, monkeypatch):
        real = reads.site
        monkeypatch.setattr(reads, "site", lambda client: real(client) | {"userissiteadmin": True})
        assert sentence(by_rest(box), "compte du jeton") == (
            "ws_ecampus est administrateur du site : lui donner un rôle à lui (docs/moodle.md)"
        )
        assert "capacités" not in {one.subject for one in in_its_database(box)}

    def test_an_account_of_the_token_that_would_be_managed_is_a_warning(self, box):
        box.moodle.db.run("UPDATE mdl_user SET auth = 'cas' WHERE username = 'ws_ecampus'")
        assert signs(by_rest(box)) == {"compte du jeton": WARNING}
        assert signs(by_rest(box, exclude=frozenset({"ws_ecampus"}))) == {}

    @pytest.mark.parametrize(("release", "sign"), [("4.4.9", WARNING), ("6.0", WARNING), ("5.2 (Build: 1)", GOOD)])
    def test_a_release_that_was_not_tried_is_a_warning(self, box, monkeypatch, release, sign):
        real = reads.site
        monkeypatch.setattr(reads, "site", lambda client: real(client) | {"release": release})
        assert signs(by_rest(box)).get("version", GOOD) == sign

    def test_a_root_that_is_not_there_is_told(self, box):
        assert sentence(by_rest(box, managed_root="UNIV"), "catégories") == (
            "La catégorie racine « UNIV » n'existe pas sur ecampus : la créer avec ce numéro d'identification, ou corriger"
            " « managed_root » dans la connexion « moodle »."
        )

    def test_a_method_that_is_not_installed_is_told(self, box):
        assert signs(by_rest(box, auth="saml2")) == {"méthode saml2": BAD}

    def test_a_line_that_anybody_may_read_is_a_warning_beyond_this_machine(self, box, monkeypatch):
        monkeypatch.setattr(moodle, "LOOPBACK", frozenset())
        assert signs(by_rest(box)) == {"chiffrement": WARNING}

    @pytest.mark.parametrize("maintenance", ["ui", "cli"])
    def test_a_moodle_under_maintenance_is_one_line_and_nothing_else_is_taken_for_good(self, box, maintenance):
        box.moodle.settings.maintenance = maintenance
        try:
            found = by_rest(box)
        finally:
            box.moodle.settings.maintenance = ""
        assert [one.sign for one in found] == [BAD] + [UNSEEN] * len(moodle.SUBJECTS)

    def test_without_any_course_what_hangs_on_one_is_good_to_know(self, box):
        box.moodle.db.run("DELETE FROM mdl_course WHERE id > 1")
        systems = BoxSystems(box)
        moodle.look(found := Inspection(), systems, systems.settings(NIGHT), reading=True)
        assert signs(found.findings) == {}
        assert found.notes == ["Sans aucun cours, le droit de lire inscrits et groupes ne se voit pas encore."]


TASK = "UPDATE mdl_task_scheduled SET {} WHERE component = 'enrol_database'"


class TestItsDatabase:
    @pytest.mark.parametrize("table", ["role_capabilities", "config_plugins", "task_scheduled"])
    def test_a_table_that_the_nights_do_without_is_a_warning(self, box, table):
        found = in_its_database(box, meanwhile=lambda: box.moodle.db.run(f"ALTER TABLE mdl_{table} RENAME TO autre"))
        subject = {"role_capabilities": "capacités", "config_plugins": "réglages", "task_scheduled": "tâche"}[table]
        assert signs(found) == {subject: WARNING}
        assert sentence(found, subject) == (
            "on ne peut pas les voir : le compte de la connexion « moodle_db » ne lit pas leur table ; lui donner les"
            " droits de include/sql/moodle/preflight_grants.sql, ou les regarder à la main (docs/moodle.md)"
        )

    @pytest.mark.parametrize("frame", ["cohort_members", "groupings_groups"])
    def test_a_table_that_they_read_is_told(self, box, frame):
        box.moodle.db.run(f"ALTER TABLE mdl_{frame} RENAME TO autre")
        found = in_its_database(box)
        assert list(signs(found)) == [{"groupings_groups": "groupings"}.get(frame, frame)]
        assert f"n'a pas de table mdl_{frame}" in next(one.sentence for one in found if one.sign == BAD)

    @pytest.mark.parametrize(
        ("setting", "value"),
        [("unenrolaction", 0), ("defaultrole", 5), ("ignorehiddencourses", 1), ("remoteenroltable", "autre")],
    )
    def test_a_setting_of_the_external_table_is_a_line(self, box, setting, value):
        box.moodle.db.set_plugin("enrol_database", **{setting: value})
        assert signs(in_its_database(box)) == {f"enrol_database.{setting}": BAD}

    def test_a_method_that_was_never_set_up_or_is_not_enabled_is_told(self, box):
        box.moodle.db.run("DELETE FROM mdl_config_plugins WHERE plugin = 'enrol_database'")
        assert sentence(in_its_database(box), "enrol_database") == (
            "aucun de ses réglages n'a été enregistré : les choisir dans Administration du site › Plugins › Inscriptions ›"
            " Base de données externe."
        )
        box.moodle.enrol_database.show_settings()
        box.moodle.db.run("UPDATE mdl_config SET value = 'manual' WHERE name = 'enrol_plugins_enabled'")
        assert sentence(in_its_database(box), "enrol_database") == (
            "méthode d'inscription désactivée : l'activer dans Administration du site › Plugins › Inscriptions."
        )

    def test_a_method_of_accounts_that_deletes_them_is_told(self, box):
        box.moodle.db.set_plugin("auth_cas", removeuser=2)
        assert signs(in_its_database(box)) == {"auth_cas.removeuser": BAD}

    @pytest.mark.parametrize(("change", "sign"), [("disabled = 1", BAD), ("faildelay = 60", WARNING)])
    def test_a_task_that_is_not_enabled_or_failed_is_told(self, box, change, sign):
        box.moodle.db.run(TASK.format(change))
        assert signs(in_its_database(box)) == {"tâche": sign}

    def test_a_cron_that_stopped_is_told(self, box):
        box.moodle.db.set_plugin("tool_task", lastcronstart=int(time.time()) - 7200)
        assert signs(in_its_database(box)) == {"cron": BAD}

    @pytest.mark.parametrize("role", ["student", "editingteacher"])
    def test_a_role_of_the_table_that_lost_its_name_is_told(self, box, role):
        box.moodle.db.run("UPDATE mdl_role SET shortname = 'autre' WHERE shortname = ?", (role,))
        assert sentence(in_its_database(box), "rôles") == (
            f"aucun rôle n'a le nom abrégé {role}, que la table des inscriptions donne : le rendre au rôle qui l'avait."
        )

    def test_that_of_another_moodle_is_told_and_nothing_else_of_it_is_looked_at(self, box):
        found = in_its_database(box, says={"userid": 1, "username": "autre"})
        assert {sign for subject, sign in signs(found).items() if subject != "connexion"} == {UNSEEN}
        assert signs(found)["connexion"] == BAD
