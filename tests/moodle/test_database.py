"""Moodle's own database, on the sandbox's SQLite: the frames of the web services, and what those hide."""

from __future__ import annotations

import time

import pandas as pd
import pytest
import requests
from tenacity.wait import wait_none

from both_readers import HIDDEN_BY_REST, SHOWN_BY_REST, make_odd, read_by_both
from ecampus import contract
from ecampus.errors import ContractBroken, SettingUnreadable, SourceUnreachable
from ecampus.moodle import reads
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase
from sandbox.moodle import start
from university import SqliteHook


@pytest.fixture
def site(tmp_path):
    with start(tmp_path) as server:
        yield server


@pytest.fixture
def client(site):
    return MoodleClient(requests.Session(), site.url, site.token, wait=wait_none())


@pytest.fixture
def database(site):
    return MoodleDatabase(SqliteHook(site.db.path))


def test_every_frame_is_the_one_that_the_web_services_give(site, client, database):
    make_odd(site.db)
    shown = read_by_both(client, database)
    assert all(len(shown.frames[name]) for name in [*SHOWN_BY_REST, *HIDDEN_BY_REST])


def test_active_enrolments_are_those_that_moodle_would_let_in(site, client, database):
    ids = make_odd(site.db)
    shown = read_by_both(client, database)
    rows = shown.of("enrolled", [ids["caché"]])
    who = rows["user_id"].map(shown.whole("users").set_index("id")["username"])
    assert set(who + " " + rows["role"].fillna("-")) == {
        "suspendu student",
        "deux_roles student",
        "deux_roles editingteacher",
        "sans_role -",
        "des_deux student",
    }


def test_an_account_that_php_finds_nameless_is_shown_by_neither_and_a_number_zero_is_none(site, client, database):
    make_odd(site.db)
    users = read_by_both(client, database).whole("users").set_index("username")
    assert not {"sans_nom", "zero", "supprime"} & set(users.index)
    assert users.loc[["suspendu", "sans_role"], "idnumber"].fillna("").tolist() == ["22100001", ""]
    assert users.loc["des_deux", "lastname"] == " "


def test_an_account_lent_by_another_site_is_shown_by_neither(site, client, database):
    ids = make_odd(site.db)
    users = read_by_both(client, database).whole("users")
    assert users.loc[users["username"] == "suspendu", "id"].tolist() == [ids["suspendu"]]
    site.db.run("UPDATE mdl_user SET auth = 'cas' WHERE mnethostid = 3")
    assert users["id"].tolist() == database.read(["users"]).whole("users")["id"].tolist()


def test_when_each_object_was_created_is_read_where_moodle_notes_it(site, client, database):
    make_odd(site.db)
    for table, moment in (("user", 11), ("course", 12), ("cohort", 13), ("groups", 14)):
        site.db.run(f"UPDATE mdl_{table} SET timecreated = ?", (moment,))
    shown = read_by_both(client, database)
    moments = {"users": 11, "courses": 12, "cohorts": 13, "groups": 14}
    assert {name: set(shown.frames[name]["created"]) for name in moments} == {n: {m} for n, m in moments.items()}
    assert shown.frames["categories"]["created"].isna().all()


def test_since_when_somebody_is_a_member_is_read_to_the_second(site, client, database):
    ids = make_odd(site.db)
    before, user = int(time.time()), ids["deux_roles"]
    cohort = {"cohorttype": {"type": "id", "value": ids["site"]}, "usertype": {"type": "id", "value": user}}
    client.call("core_cohort_add_cohort_members", members=[cohort])
    client.call("core_group_add_group_members", members=[{"groupid": ids["groupe"], "userid": ids["sans_role"]}])
    shown = read_by_both(client, database)
    for name, who in (("cohort_members", user), ("group_members", ids["sans_role"])):
        frame = shown.whole(name)
        (added,) = frame.loc[frame["user_id"] == who, "added"]
        assert before <= added <= time.time()
    assert reads.group_members(client, [ids["groupe"]])["added"].isna().all()


def test_a_database_that_does_not_know_its_own_site_is_told(site, database):
    site.db.run("DELETE FROM mdl_config WHERE name = 'mnet_localhost_id'")
    with pytest.raises(ContractBroken) as told:
        database.read(["users"])
    assert str(told.value) == (
        "La table mdl_config de Moodle ne dit pas le numéro de ce site (mnet_localhost_id) : vérifier que c'est bien un"
        " Moodle que nomme la connexion « moodle_db », sinon supprimer cette connexion."
    )


def test_what_the_external_table_gave_is_told_from_what_was_given_by_hand(site, database):
    ids = make_odd(site.db)
    shown = database.read(["enrolment_methods"])
    rows = shown.of("enrolment_methods", [ids["caché"]])
    both = rows[rows["user_id"] == ids["des_deux"]].astype("object")
    assert both.where(both.notna(), None)[["method", "role", "active"]].to_numpy().tolist() == [
        ["database", "student", True],
        ["manual", None, True],
    ]
    taken = shown.taken([ids["caché"], ids["vu"]])
    assert list(zip(taken["course_id"], taken["user_id"], strict=True)) == [
        (ids["caché"], ids["des_deux"]),
        (ids["vu"], ids["inactif"]),
    ]
    site.db.run("UPDATE mdl_user_enrolments SET status = 1 WHERE userid = ?", (ids["inactif"],))
    assert database.read(["enrolment_methods"]).taken([ids["vu"]]).empty


def test_who_holds_what_is_shown(site, database):
    ids = make_odd(site.db)
    shown = database.read(HIDDEN_BY_REST)
    assert shown.whole("site_admins")["user_id"].tolist() == [2, ids["deux_roles"]]
    assert shown.whole("foreign_cohorts")["id"].tolist() == [ids["catégorie"], ids["extension"]]
    assert shown.of("held_members", [ids["groupe"]])["user_id"].tolist() == [ids["des_deux"]]


def test_a_new_moodle_gives_empty_frames_of_the_right_types(client, database):
    shown = read_by_both(client, database)
    for name in ("courses", "cohorts", "group_members", "enrolled", "held_members", "foreign_cohorts"):
        assert contract.validate(name, shown.frames[name]).empty
    for name in ("held_members", "foreign_cohorts"):
        pd.testing.assert_frame_equal(shown.frames[name], reads.hidden(name))


def test_only_the_tables_of_the_frames_asked_for_are_read(site, database):
    site.db.run("DROP TABLE mdl_role_assignments")
    assert not database.read(["users", "courses"]).whole("users").empty


@pytest.mark.parametrize("prefix", ["", "mdl", "Campus2_", "_"])
def test_any_prefix_of_tables_that_moodle_may_have_is_accepted_but_an_empty_one(prefix):
    if prefix:
        MoodleDatabase(SqliteHook, prefix)
        return
    with pytest.raises(SettingUnreadable):
        MoodleDatabase(SqliteHook, prefix)


@pytest.mark.parametrize("prefix", ["mdl_user; --", "moodle.mdl_", "1mdl", "mdl_\n", "é_"])
def test_anything_else_is_refused_in_one_sentence(prefix):
    with pytest.raises(SettingUnreadable) as refused:
        MoodleDatabase(SqliteHook, prefix)
    assert str(refused.value) == (
        f"L'option « table_prefix » de la connexion « moodle » ({prefix}) n'est pas un préfixe de tables : y mettre celui"
        " de config.php de Moodle, mdl_ le plus souvent."
    )


def test_a_prefix_that_is_not_the_one_of_this_moodle_is_told(site):
    with pytest.raises(ContractBroken) as missing:
        MoodleDatabase(SqliteHook(site.db.path), "m2_").read(["enrolled"])
    assert str(missing.value) == (
        "La base de Moodle n'a pas de table m2_user_enrolments : corriger « table_prefix » (m2_) dans la connexion"
        " « moodle », ou la base que nomme la connexion « moodle_db »."
    )


def test_a_column_that_this_moodle_does_not_have_is_told(site, database):
    site.db.run("ALTER TABLE mdl_groups_members DROP COLUMN component")
    with pytest.raises(ContractBroken) as missing:
        database.read(["group_members", "held_members"])
    assert str(missing.value) == (
        "La base de Moodle n'a pas de colonne component là où Moodle 4.5 et 5.1 en ont une : vérifier que c'est bien un Moodle"
        " que nomme la connexion « moodle_db », sinon supprimer cette connexion."
    )


def test_nonsense_in_a_table_breaks_the_contract_in_one_sentence(site, database):
    ids = make_odd(site.db)
    site.db.run("UPDATE mdl_groups_members SET userid = 'x' WHERE userid = ?", (ids["des_deux"],))
    with pytest.raises(ContractBroken) as broken:
        database.read(["group_members"])
    assert str(broken.value) == (
        "La lecture des membres des groupes de Moodle a 1 valeur fautive dans user_id (nombre entier attendu), par"
        f" exemple group_id={ids['groupe']}, user_id=x ; corriger la source puis relancer."
    )


def test_a_database_that_is_not_there_is_unreachable(tmp_path):
    with pytest.raises(SourceUnreachable) as away:
        MoodleDatabase(SqliteHook(tmp_path / "nulle part" / "moodle.db")).read(["users"])
    assert str(away.value) == "La base de Moodle est injoignable (pour ses tables) : unable to open database file."


def test_the_database_is_the_one_of_the_site_whose_web_services_answer(client, database):
    database.require_same_site(reads.site(client))
    for other in ({"userid": 99}, {"username": "ws_autre"}):
        with pytest.raises(SettingUnreadable, match="La base de la connexion « moodle_db » n'est pas celle de"):
            database.require_same_site(reads.site(client) | other)


def test_a_few_courses_are_asked_for_alone_and_many_with_all_the_others(site, database):
    ids = make_odd(site.db)
    every = database.read(["enrolment_methods"]).whole("enrolment_methods")
    few = database.read(["enrolment_methods"], [ids["vu"]]).whole("enrolment_methods")
    assert set(few["course_id"]) == {ids["vu"]} < set(every["course_id"])
    many = database.read(["enrolment_methods"], range(1, 1000)).whole("enrolment_methods")
    assert len(many) == len(every)
