"""The preflight on the sandbox: all ✓, then each thing taken away in turn; nothing written, no secret shown."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ecampus import limits
from ecampus.calendar import Freeze
from ecampus.contract import REFER
from ecampus.errors import SettingUnreadable
from ecampus.explain.reach import Reaches
from ecampus.night import preflight, writing
from ecampus.night.addressees import Addressees
from ecampus.night.preflight import Installation, place, sources
from ecampus.night.preflight import register as register_
from ecampus.night.preflight.inspection import Inspection
from ecampus.night.preflight.moodle import Site
from ecampus.register.register import Register
from ecampus.store.files import Store
from ecampus.store.retention import Keeping
from ecampus.words.findings import BAD, GOOD, NOT_LOOKED_AT, UNSEEN, WARNING, Finding, ready, table, verdict
from sandbox.box import Box, open_box
from university import NIGHT, BoxSystems, SqliteHook


@dataclass
class Systems(BoxSystems):
    """Those of the sandbox, where REFER, the directory or the table may be elsewhere."""

    refer: Path | None = None
    people: Any = None
    table: Path | None = None

    def refer_hook(self) -> SqliteHook:
        return SqliteHook(self.refer) if self.refer else super().refer_hook()

    def enrolment_hook(self) -> Any:
        return SqliteHook(self.table) if self.table else super().enrolment_hook()

    def directory(self) -> Any:
        there = super().directory()
        vars(there).update(self.people or {})
        return there


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> Iterator[Box]:
    with open_box(tmp_path_factory.mktemp("box"), size=2, today=NIGHT, sync_every=None) as box:
        box.moodle.sync()
        yield box


@pytest.fixture
def installation(box, tmp_path) -> Installation:
    store = Store(tmp_path / "store")
    return Installation(
        Systems(box), NIGHT, lambda: "2026", lambda: Freeze.parse(""), Keeping, Addressees, Reaches, lambda: store
    )


def of(installation: Installation, **changed: Any) -> Inspection:
    """What is found once these systems are elsewhere."""
    return preflight.inspect(installation._replace(systems=replace(installation.systems, **changed)))


def signs(seen: Inspection, *but: str) -> dict[str, str]:
    """«part / subject» → sign, without the signs ``but``."""
    return {f"{one.part} / {one.subject}": one.sign for one in seen.findings if one.sign not in but}


def sentence(seen: Inspection, subject: str) -> str:
    return next(one.sentence for one in seen.findings if one.subject == subject and one.sign != GOOD)


def dumps(box: Box) -> dict[str, list[str]]:
    """All that the sandbox holds."""
    files = ("refer.db", "directory.db", "moodle.db", "enrolments.db")
    found = {}
    for name in files:
        with closing(sqlite3.connect(box.folder / name)) as db:
            db.create_collation("moodle", lambda one, other: (one > other) - (one < other))
            found[name] = list(db.iterdump())
    return found


@pytest.mark.parametrize("by_database", [False, True], ids=["by the web services", "with moodle_db"])
def test_a_new_sandbox_is_ready_and_nothing_of_it_changes(box, installation, by_database):
    before = dumps(box)
    seen = of(installation, by_database=by_database)
    assert signs(seen, GOOD) == {}
    assert dumps(box) == before
    assert not installation.store().root.exists()
    assert bool(seen.notes) != by_database
    assert verdict(seen.findings) == f"Tout est en place : {51 if by_database else 42} points vérifiés."


def test_after_a_first_write_the_register_and_moodle_know_each_other(installation, tmp_path):
    with open_box(tmp_path / "box", size=2, today=NIGHT, sync_every=None) as box:
        systems = Systems(box)
        register = Register(systems.enrolment_hook())
        register.prepare()
        with register.lease("essai") as lease, writing.marked(register, lease, systems.moodle(), lambda: None):
            pass
        seen = preflight.inspect(installation._replace(systems=systems))
        assert signs(seen, GOOD) == {}
        found = {one.subject: one.sentence for one in seen.findings}
        assert found["registre et Moodle"] == "ils se connaissent, n° 2"
        assert found["registre"].endswith(" tables, droits suffisants")
        with closing(systems.enrolment_hook().get_conn()) as db:
            db.execute("UPDATE ecampus_register SET mark_number = 4")
            db.execute("DROP TABLE ecampus_link")
            db.commit()
        register_.look(seen := Inspection(), systems, Site(systems.moodle(), {}))
        assert signs(seen, GOOD) == {
            "Base des inscriptions / ecampus_link": BAD,
            "Base des inscriptions / registre et Moodle": BAD,
        }


def test_the_secrets_of_the_connections_are_in_no_table_good_or_bad(box, installation, caplog):
    secrets = [box.moodle.token, box.directory.password, "secret-de-la-table"]
    with closing(sqlite3.connect(box.folder / "moodle.db")) as db:
        assert db.execute("SELECT 1 FROM mdl_config_plugins WHERE value = ?", secrets[-1:]).fetchone()
    caplog.set_level("DEBUG")
    for seen in (of(installation, by_database=True), of(installation, people={"password": f"{secrets[1]}x"})):
        shown = table(seen.findings, seen.notes) + caplog.text
        assert not [secret for secret in secrets if secret in shown]


WORDS = "avec un mot de passe"


class Nowhere(BoxSystems):
    """Every system is away, or its connection is not defined."""

    def settings(self, night):
        raise SettingUnreadable("La connexion Airflow « moodle » n'est pas définie.")

    def refer_hook(self):
        raise SettingUnreadable("La connexion Airflow « refer » n'est pas définie.")

    def enrolment_hook(self):
        return SqliteHook(Path("/nulle/part/enrolments.db"))

    def directory(self):
        raise ImportError("No module named 'ldap3'", name="ldap3")

    def moodle(self):
        raise RuntimeError(WORDS)


def test_where_nothing_answers_each_has_its_sentence_and_nothing_is_taken_for_good(box, installation, caplog):
    caplog.set_level("DEBUG")
    seen = preflight.inspect(installation._replace(systems=Nowhere(box)))
    good = {"Réglages / ecampus_annee", "Réglages / ecampus_freeze", "Magasin / lecture", "Magasin / écriture"}
    good |= {"Réglages / include/limits.toml", "Réglages / ecampus_keep_*", "Réglages / ecampus_mail"}
    good |= {"Réglages / ecampus_composantes"}
    assert set(signs(seen, BAD, UNSEEN)) == good
    assert {one.part: one.sentence for one in seen.findings if one.sign == BAD} == {
        "Réglages": "La connexion Airflow « moodle » n'est pas définie.",
        "REFER": "La connexion Airflow « refer » n'est pas définie.",
        "Annuaire LDAP": "La bibliothèque « ldap3 » manque : installer le fournisseur d'Airflow qui l'apporte.",
        "Moodle": "Erreur imprévue (RuntimeError) : la montrer aux développeurs, avec le journal.",
        "Base des inscriptions": "La base des inscriptions est injoignable (pour ses tables) : unable to open database"
        " file.",
    }
    assert {one.sentence for one in seen.findings if one.sign == UNSEEN} == {NOT_LOOKED_AT}
    assert WORDS not in caplog.text
    assert "test_preflight.py" in caplog.text


@pytest.mark.parametrize("lost", ["refer", "people", "table"])
def test_one_system_that_is_away_hides_no_other(installation, lost):
    away = {"people": {"port": 1}} if lost == "people" else {lost: Path("/nulle/part/x.db")}
    parts = {"refer": "REFER", "people": "Annuaire LDAP", "table": "Base des inscriptions"}
    seen = of(installation, **away)
    assert {one.part for one in seen.findings if one.sign == BAD} == {parts[lost]}
    unseen = {one.part for one in seen.findings if one.sign == UNSEEN}
    assert unseen <= {parts[lost], "Annuaire LDAP" if lost == "refer" else "Horloges"}


class TestRefer:
    @pytest.fixture
    def refer(self, box, tmp_path) -> Path:
        return Path(shutil.copy(box.folder / "refer.db", tmp_path / "refer.db"))

    def without(self, refer: Path, *statements: str) -> None:
        with closing(sqlite3.connect(refer)) as db, db:
            for statement in statements:
                db.execute(statement)

    def seen(self, installation: Installation, refer: Path) -> Inspection:
        sources.refer_views(found := Inspection(), replace(installation.systems, refer=refer), "2026")
        return found

    def test_what_hangs_on_a_view_is_not_looked_at_either(self, installation, refer):
        self.without(refer, "DROP TABLE refer_seance_ade")
        seen = of(installation, refer=refer)
        assert signs(seen, GOOD) == {"REFER / refer_seance_ade": BAD, "Annuaire LDAP / codes de REFER": UNSEEN}

    @pytest.mark.parametrize("view", REFER)
    def test_each_view_taken_away_is_one_line_and_the_others_are_looked_at(self, installation, refer, view):
        self.without(refer, f"DROP TABLE refer_{view}")
        seen = self.seen(installation, refer)
        assert signs(seen, GOOD) == {f"REFER / refer_{view}": BAD}
        assert sentence(seen, f"refer_{view}") == (
            f"Dans REFER, la vue refer_{view} n'existe pas ou n'est pas visible : la créer, ou donner le droit de la lire"
            f" au compte de la connexion (no such table: refer_{view})."
        )

    @pytest.mark.parametrize("place", [0, -1], ids=["the first", "the last"])
    def test_a_column_taken_away_from_each_view_is_named(self, installation, refer, place):
        columns = {view: list(contract.declared)[place] for view, contract in REFER.items()}
        self.without(refer, *(f"ALTER TABLE refer_{view} RENAME {column} TO autre" for view, column in columns.items()))
        seen = self.seen(installation, refer)
        for view, column in columns.items():
            assert sentence(seen, f"refer_{view}") == (
                f"Dans REFER, la vue refer_{view} n'a pas la colonne {column} : l'ajouter, ou corriger la requête"
                f" (no such column: {column})."
            )

    def test_a_year_without_rows_and_rows_that_cannot_be_read_are_told(self, installation, refer):
        self.without(refer, "UPDATE refer_element SET a_distance = 'X' WHERE rowid = 1", "DELETE FROM refer_groupe")
        seen = self.seen(installation, refer)
        assert signs(seen, GOOD) == {"REFER / refer_element": WARNING, "REFER / refer_groupe": BAD}
        assert "1 mise de côté (LIGNE_ILLISIBLE), par exemple code=" in sentence(seen, "refer_element")
        assert sentence(seen, "refer_groupe") == (
            "La vue refer_groupe (include/sql/refer/groupe.sql) est vide pour l'année 2026 : vérifier son alimentation."
        )

    def test_codes_that_the_directory_does_not_know_are_told(self, installation, refer):
        self.without(refer, "UPDATE refer_inscription_administrative SET code_etudiant = '0' || code_etudiant")
        seen = of(installation, refer=refer)
        assert signs(seen, GOOD) == {"Annuaire LDAP / codes de REFER": BAD}
        assert "réglages « *_code_length » de la connexion « ldap »" in sentence(seen, "codes de REFER")


class TestTheDirectory:
    def seen(self, installation: Installation, **extra: str) -> Inspection:
        base = installation.systems.directory().extra_dejson
        sources.people(found := Inspection(), replace(installation.systems, people={"extra_dejson": base | extra}))
        return found

    @pytest.mark.parametrize(
        ("option", "subjects"),
        [
            ("student_code", ["étudiants"]),
            ("staff_code", ["personnels"]),
            ("sn", ["étudiants", "personnels"]),
            ("given_name", ["étudiants", "personnels"]),
            ("mail", ["étudiants", "personnels"]),
            ("uid", ["étudiants", "personnels"]),
        ],
    )
    def test_an_attribute_that_no_entry_shows_is_named_with_its_option(self, installation, option, subjects):
        seen = self.seen(installation, **{option: "absent"})
        found = [one for one in seen.findings if one.sign == BAD]
        assert [one.subject for one in found] == subjects
        assert found[0].sentence.endswith(
            "fiches ne montre l'attribut absent : donner au compte le droit de le lire, ou corriger"
            f" « {option} » dans les options de la connexion « ldap »."
        )

    def test_a_filter_that_finds_nobody_is_shown(self, installation):
        seen = self.seen(installation, staff="(uid=zz*)")
        assert sentence(seen, "personnels") == (
            "aucune fiche ne répond au filtre (uid=zz*) sous ou=people,dc=univ-campus,dc=fr : corriger le filtre, la base."
        )

    def test_a_wrong_password_is_told_and_what_hangs_on_it_is_not_looked_at(self, installation):
        seen = of(installation, people={"password": "faux"})
        assert signs(seen, GOOD) == {
            "Annuaire LDAP / connexion": BAD,
            **{f"Annuaire LDAP / {one}": UNSEEN for one in ("personnes", "étudiants", "personnels", "codes de REFER")},
        }

    def test_a_line_that_anybody_may_read_is_a_warning_beyond_this_machine(self, installation, monkeypatch):
        monkeypatch.setattr("ecampus.night.preflight.sources.LOOPBACK", frozenset())
        seen = of(installation)
        assert signs(seen, GOOD) == {"Annuaire LDAP / chiffrement": WARNING}
        assert ready(seen.findings)


class TestTheVariables:
    def test_a_freeze_is_a_warning_that_says_until_when(self, installation):
        seen = preflight.inspect(installation._replace(freeze=lambda: Freeze.parse("2026-11-01/2026-11-30")))
        assert signs(seen, GOOD) == {"Réglages / ecampus_freeze": WARNING}
        assert sentence(seen, "ecampus_freeze") == (
            "Gel du 1er novembre 2026 au 30 novembre 2026 inclus : rien n'est écrit dans ecampus avant le 1er décembre"
            " 2026."
        )

    def test_without_a_year_the_views_are_not_looked_at_and_all_else_is(self, installation):
        def none() -> str:
            raise SettingUnreadable("La variable Airflow ecampus_annee n'est pas définie.")

        seen = preflight.inspect(installation._replace(annee=none))
        unseen = {f"REFER / refer_{view}" for view in REFER} | {"Annuaire LDAP / codes de REFER"}
        assert signs(seen, GOOD) == {"Réglages / ecampus_annee": BAD} | dict.fromkeys(unseen, UNSEEN)

    def test_limits_that_would_stop_the_night_when_it_opens_are_told_before(self, tmp_path):
        class Mistyped:
            limits = property(lambda _: limits.read(tmp_path / "limits.toml"))

        (tmp_path / "limits.toml").write_text("[archive_course]\nsite = { percent = 200, most = 40 }")
        place.limits(seen := Inspection(), Mistyped())
        assert signs(seen) == {"Réglages / include/limits.toml": BAD}
        assert sentence(seen, "include/limits.toml") == (
            "Dans include/limits.toml, « archive_course.site » : « percent » vaut 200, il faut un nombre de 0 à 100 ; le"
            " corriger, rien n'est écrit d'ici là."
        )

    def test_whom_mails_go_to_is_told_and_what_is_wrong_there_spoils_no_night(self, installation):
        text = '{"plateforme": ["a@univ.fr", "b@univ.fr"], "SCI": ["c@univ.fr"], "DROIT": []}'
        seen = Inspection()
        for read in (installation.addressees, lambda: Addressees.parse(text), lambda: Addressees.parse("a@univ.fr")):
            place.mail(seen, read)
        assert [(one.sign, one.sentence) for one in seen.findings[:2]] == [
            (GOOD, "aucune adresse : personne n'est prévenu par courriel"),
            (GOOD, "plateforme : 2 adresses ; composantes : DROIT, SCI"),
        ]
        assert seen.findings[2].sign == WARNING
        assert seen.findings[2].sentence.startswith("La variable Airflow ecampus_mail ne peut pas être lue (ce n'est")

    def test_what_the_pages_show_to_whom_is_told_and_what_is_wrong_there_spoils_no_night(self, installation):
        said = ('{"scol_droit": ["DROIT"], "op": "*"}', "{}", "DROIT")
        seen = Inspection()
        for read in (installation.reaches, *(partial(Reaches.parse, text) for text in said)):
            place.reaches(seen, read)
        assert [(one.sign, one.sentence) for one in seen.findings[:3]] == [
            (GOOD, "les pages montrent toutes les composantes"),
            (GOOD, "les pages sont ouvertes aux rôles : op, scol_droit"),
            (GOOD, "les pages sont ouvertes aux rôles : aucun"),
        ]
        assert seen.findings[3].sign == WARNING
        assert seen.findings[3].sentence.startswith("La variable Airflow ecampus_composantes ne peut pas être lue (ce")

    def test_how_long_nights_are_kept_is_told_or_what_keeps_it_from_being_read(self, installation):
        place.keeping(seen := Inspection(), installation.keeping)
        assert seen.findings == [Finding("Réglages", "ecampus_keep_*", GOOD, "extraits 40 nuits, tout le reste 400")]
        place.keeping(seen := Inspection(), lambda: Keeping.parse("toujours", None))
        assert sentence(seen, "ecampus_keep_*") == (
            "La variable Airflow ecampus_keep_extracts vaut « toujours » : y mettre un nombre de nuits, 7 au moins, ou la"
            " laisser vide (40)."
        )


class TestTheStore:
    def test_a_folder_that_may_not_be_written_is_told(self, installation, tmp_path, monkeypatch):
        monkeypatch.setattr("ecampus.night.preflight.place.os.access", lambda *_: False)
        seen = of(installation)
        assert sentence(seen, "écriture") == (
            f"Le dossier {tmp_path} du magasin ne peut pas être écrit : en donner le droit au compte sous lequel tournent"
            " les tâches d'Airflow, ou corriger ECAMPUS_STORE."
        )

    def test_a_disk_that_is_nearly_full_is_a_warning(self, installation, monkeypatch):
        monkeypatch.setattr("ecampus.night.preflight.place.SMALL", 10.0**9)
        seen = of(installation)
        assert signs(seen, GOOD) == {"Magasin / écriture": WARNING}
        assert sentence(seen, "écriture").endswith(": faire de la place avant que les nuits n'échouent")


@pytest.mark.parametrize(
    ("ahead", "sign", "told"),
    [
        (59, GOOD, None),
        (7_200, BAD, "2 h les séparent : régler les deux machines par NTP, sinon ce qu'une nuit interrompue avait en main"
                     " est mal jugé."),
    ],
)  # fmt: skip
def test_clocks_are_a_minute_apart_at_most(installation, monkeypatch, ahead, sign, told):
    from ecampus.register import rights

    real = rights.now
    monkeypatch.setattr(rights, "now", lambda hook: real(hook) + ahead)
    seen = of(installation)
    found = {one.subject: one for one in seen.findings if one.part == "Horloges"}
    assert found["Moodle et base des inscriptions"].sign == sign
    assert told is None or found["Moodle et base des inscriptions"].sentence == told
    assert ("cette machine" in found) == (sign == BAD)


class TestTheTable:
    @pytest.fixture
    def file(self, box, tmp_path) -> Path:
        return Path(shutil.copy(box.folder / "enrolments.db", tmp_path / "enrolments.db"))

    def seen(self, installation: Installation, **changed: Any) -> Inspection:
        systems = replace(installation.systems, **changed)
        register_.look(found := Inspection(), systems, Site(systems.moodle(), {}))
        return found

    def changed(self, file: Path, *statements: str) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            for statement in statements:
                db.execute(statement)

    def test_a_table_or_a_column_that_is_missing_is_told(self, installation, file):
        self.changed(file, "ALTER TABLE enrolments RENAME role TO autre")
        assert "la table enrolments n'a pas la colonne role" in sentence(
            self.seen(installation, table=file), "table enrolments"
        )
        self.changed(file, "DROP TABLE enrolments")
        assert "la table enrolments n'existe pas" in sentence(self.seen(installation, table=file), "table enrolments")

    def test_a_file_that_may_not_be_written_is_told(self, installation, file, monkeypatch):
        monkeypatch.setattr("ecampus.register.rights.os.access", lambda *_: False)
        assert sentence(self.seen(installation, table=file), "table enrolments") == (
            f"Le fichier {file}, base des inscriptions, ne peut pas être écrit : en donner le droit, et celui de son"
            " dossier, au compte sous lequel tournent les tâches d'Airflow."
        )

    def test_a_register_of_a_newer_ecampus_is_told(self, installation, file):
        self.changed(file, "CREATE TABLE ecampus_schema(version)", "INSERT INTO ecampus_schema VALUES (99)")
        seen = self.seen(installation, table=file)
        assert signs(seen, GOOD) == {
            "Base des inscriptions / registre": BAD,
            "Base des inscriptions / registre et Moodle": UNSEEN,
        }
        assert "par une version d'ecampus plus récente" in sentence(seen, "registre")

    def test_oracle_is_refused_until_its_register_was_tried(self, installation, monkeypatch):
        from ecampus.register import rights

        monkeypatch.setattr(rights, "kind", lambda hook: "oracle")
        seen = self.seen(installation)
        assert signs(seen, GOOD) == {
            "Base des inscriptions / registre": BAD,
            "Base des inscriptions / registre et Moodle": UNSEEN,
        }
        assert sentence(seen, "registre") == (
            "Oracle n'a pas encore été essayé pour le registre : mettre la table des inscriptions dans un PostgreSQL ou un"
            " MariaDB, ou faire d'abord passer les essais du registre sur cet Oracle."
        )
