"""The project's own client, batches and reads on this Moodle: what is written is what is read."""

import time

import pandas as pd
import pytest
import requests
from corner import UNKNOWN
from hosts import GONE
from tenacity.wait import wait_none

from ecampus import contract
from ecampus.apply import groups
from ecampus.apply.writer import Writer
from ecampus.changes import plan
from ecampus.errors import SourceRefused, SourceUnreachable
from ecampus.moodle import accounts, methods, reads
from ecampus.moodle.batches import Outcome, send
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.functions import FUNCTIONS
from ecampus.moodle.lanes import send_parallel
from ecampus.moodle.pace import Pace
from ecampus.register.batches import About
from ecampus.register.register import Register
from ecampus.store.files import open_store
from ecampus.store.journal import Journal
from rest import cohort
from university import SqliteHook

NAME = "{} - algèbre & géométrie < 2"


@pytest.fixture(scope="module")
def client(moodle):
    with requests.Session() as session:
        yield MoodleClient(session, moodle.url, moodle.token)


def written(client, function, param, items, **options):
    return send(client, function, param, items, size=50, **options)


def create_courses(client, moodle, *codes):
    items = [
        {
            "shortname": code,
            "idnumber": code,
            "fullname": NAME.format(code),
            "categoryid": moodle.home,
            "visible": False,
        }
        for code in codes
    ]
    return written(client, "core_course_create_courses", "courses", items)


def ids(outcomes):
    return [outcome.id for outcome in outcomes]


def valid(name, frame):
    return contract.validate(name, frame)


@pytest.mark.parametrize("phase", FUNCTIONS)
def test_the_service_offers_every_function_of_the_phase(client, phase):
    reads.preflight(reads.site(client), FUNCTIONS[phase])


def test_courses_created_hidden_are_read_back_with_their_names_as_they_were_sent(client, moodle, code):
    outcomes = create_courses(client, moodle, f"{code}a", f"{code}b")
    frame = valid("courses", reads.courses(client)).set_index("id").loc[ids(outcomes)]
    assert (time.time() - frame["created"]).abs().max() < 3_600
    assert frame["idnumber"].tolist() == [f"{code}a", f"{code}b"]
    assert frame["fullname"].tolist() == [NAME.format(f"{code}a"), NAME.format(f"{code}b")]
    assert frame["category_id"].tolist() == [moodle.home] * 2
    assert not frame["visible"].any()


def test_one_code_already_taken_does_not_sink_the_others(client, moodle, code):
    create_courses(client, moodle, f"{code}b")
    outcomes = create_courses(client, moodle, f"{code}a", f"{code}B", f"{code}c")
    assert [bool(outcome.id) for outcome in outcomes] == [True, False, True]
    assert f"{code}B" in outcomes[1].error
    assert moodle.coded(f"{code}a", f"{code}b", f"{code}c") == [f"{code}a", f"{code}b", f"{code}c"]


def test_an_update_refused_among_others_is_named(client, moodle, code):
    first, second, third = ids(create_courses(client, moodle, f"{code}a", f"{code}b", f"{code}c"))
    items = [
        {"id": first, "shortname": f"{code}d"},
        {"id": second, "shortname": f"{code}c"},
        {"id": third, "fullname": "x"},
    ]
    outcomes = written(client, "core_course_update_courses", "courses", items)
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    frame = reads.courses(client).set_index("id").loc[[first, second, third]]
    assert frame["shortname"].tolist() == [f"{code}d", f"{code}b", f"{code}c"]


def test_accounts_written_by_three_workers_are_accounts_read(client, moodle, code):
    items = [moodle.account(f"{code}{n}", idnumber=str(n), firstname="Zoé") for n in range(1, 121)]
    moodle.user(f"{code}first", email=items[7]["email"].upper())
    outcomes = send_parallel(
        lambda: client, "core_user_create_users", "users", items, size=50, workers=3, lane=lambda item: item["username"]
    )
    assert [outcome.index for outcome in outcomes if outcome.error] == [7]
    frame = valid("users", accounts.users(client)).set_index("id")
    mine = frame.loc[[outcome.id for outcome in outcomes if outcome.id]]
    wanted = [items[outcome.index] for outcome in outcomes if outcome.id]
    for column in ("username", "idnumber", "firstname", "email", "auth"):
        assert mine[column].tolist() == [item[column] for item in wanted]
    assert not mine["suspended"].any()
    again = accounts.named(client, mine.index.tolist()).set_index("id")
    pd.testing.assert_frame_equal(again.sort_index(), mine.sort_index())


def test_a_whole_course_with_its_groups_and_members(client, moodle, code):
    courses = ids(create_courses(client, moodle, *(f"{code}c{n}" for n in range(4))))
    people = [moodle.account(f"{code}p{n}") for n in range(4)]
    users = ids(written(client, "core_user_create_users", "users", people))
    items = [
        {"courseid": course, "name": f"TD{n}", "idnumber": f"TD{n}", "description": ""}
        for course in courses
        for n in range(5)
    ]
    made = send_parallel(
        lambda: client,
        "core_group_create_groups",
        "groups",
        items,
        size=4,
        workers=3,
        lane=lambda item: item["courseid"],
    )
    frame = valid("groups", reads.groups(client, courses)).set_index("id")
    assert len(frame) == 20
    assert frame.loc[ids(made), "course_id"].tolist() == [item["courseid"] for item in items]
    for user in users[:3]:
        moodle.enrol(courses[0], user)
    enrolled = valid("enrolled", reads.enrolled(client, courses))
    assert sorted(zip(enrolled["user_id"], enrolled["role"], strict=True)) == [
        (user, "student") for user in sorted(users[:3])
    ]
    members = [{"groupid": made[0].id, "userid": user} for user in users]
    outcomes = written(client, "core_group_add_group_members", "members", members)
    assert [outcome.error is None for outcome in outcomes] == [True, True, True, False]
    frame = valid("group_members", reads.group_members(client, [made[0].id, UNKNOWN, made[1].id]))
    assert sorted(frame["user_id"]) == sorted(users[:3])
    outcomes = written(client, "core_group_delete_groups", "groupids", [made[0].id, UNKNOWN])
    assert outcomes == [Outcome(0), Outcome(1)]


def test_one_group_refused_does_not_cost_its_course_the_others(client, moodle, course, tmp_path):
    """See the ghosts of test_groups.py: in one call, the groups before the bad one would be lost with it."""
    moodle.group(course, "Fait à la main", idnumber="G2")
    wanted = pd.DataFrame(
        {"course_id": course, "name": [f"TD{n}" for n in range(4)], "idnumber": [f"G{n}" for n in range(4)]}
    )
    fields = {name: name for name in wanted}
    here = {"course_id": "course_id", "place": "idnumber"}
    rows = plan.changes("group", "create", wanted, key=["course_id", "idnumber"], after=fields, **here)
    journal = Journal(open_store(tmp_path))
    register = Register(SqliteHook(tmp_path / "register.db"))
    register.prepare()
    with register.lease("contrat") as lease:
        about = About("contrat", "groups", "2026-11-23")
        writer = Writer(lambda: client, lease, about, journal, lambda: None, {}, 0, {"group": {}})
        groups.create_groups(writer, rows)
    told = journal.entries().set_index("key")["outcome"]
    assert told.to_dict() == {f"{course} / G{n}": "failed" if n == 2 else "done" for n in range(4)}
    frame = valid("groups", reads.groups(client, [course])).set_index("idnumber")["name"]
    assert frame.to_dict() == {"G0": "TD0", "G1": "TD1", "G2": "Fait à la main", "G3": "TD3"}


def test_a_role_held_by_hand_and_by_the_table_is_read_once(client, moodle, beside, code):
    course, user = moodle.course(code), moodle.user(f"{code}p")
    beside.sync((code, f"{code}p", "student"))
    moodle.enrol(course, user)
    frame = valid("enrolled", reads.enrolled(client, [course]))
    assert frame.to_dict("records") == [{"course_id": course, "user_id": user, "role": "student"}]


def test_who_lost_their_role_has_no_active_enrolment_left(client, moodle, beside, code):
    course = moodle.course(code)
    moodle.user(f"{code}p")
    beside.sync((code, f"{code}p", "student"))
    beside.sync()
    assert valid("enrolled", reads.enrolled(client, [course])).empty


def test_a_cohort_and_its_members(client, moodle, code):
    (made,) = written(client, "core_cohort_create_cohorts", "cohorts", [cohort(code, name="L1 - maths & co")])
    user = moodle.user(code)
    members = [
        {"cohorttype": {"type": "id", "value": made.id}, "usertype": {"type": "id", "value": who}}
        for who in (user, user, UNKNOWN)
    ]
    outcomes = written(client, "core_cohort_add_cohort_members", "members", members)
    assert outcomes[:2] == [Outcome(0), Outcome(1)]
    assert str(UNKNOWN) in outcomes[2].error
    frame = valid("cohorts", reads.cohorts(client)).set_index("id")
    assert frame.loc[made.id, ["idnumber", "name"]].to_dict() == {"idnumber": code, "name": "L1 - maths & co"}
    frame = valid("cohort_members", reads.cohort_members(client, [made.id, UNKNOWN]))
    assert frame["user_id"].tolist() == [user]


def test_categories_are_read_with_their_parents(client, moodle, code):
    uncoded = moodle.category("sans code")
    items = [{"name": NAME.format(code), "parent": moodle.top, "idnumber": code}, {"name": "B", "parent": UNKNOWN}]
    made, refused = written(client, "core_course_create_categories", "categories", items)
    assert refused.error
    frame = valid("categories", reads.categories(client)).set_index("id")
    assert frame.drop(columns="created").loc[made.id].to_dict() == {
        "idnumber": code,
        "name": NAME.format(code),
        "parent_id": moodle.top,
        "visible": True,
    }
    assert pd.isna(frame.loc[uncoded, "idnumber"])


def test_a_wrong_token_and_an_unknown_function_are_told(client, moodle):
    with pytest.raises(SourceRefused, match="ne connaît pas local_unknown"):
        client.call("local_unknown")
    with pytest.raises(SourceRefused, match="refuse l'accès à core_course_duplicate_course"):
        client.call("core_course_duplicate_course", courseid=1)
    with pytest.raises(SourceRefused, match="refuse le jeton"):
        reads.courses(MoodleClient(requests.Session(), moodle.url, "wrong"))


@pytest.mark.parametrize(
    ("read", "words"),
    [(reads.categories, "moodle/category:manage"), (reads.courses, "moodle/course:viewhiddencourses"), (reads.cohorts, "capacité")],
)  # fmt: skip
def test_what_a_powerless_token_does_not_see_is_refused_not_taken_for_nothing(moodle, host, code, read, words):
    moodle.course(code, visible=0)
    moodle.cohort(code)
    with host.powerless() as token, pytest.raises(SourceRefused, match=words):
        read(MoodleClient(requests.Session(), moodle.url, token, wait=wait_none()))


def test_a_method_that_the_site_has_is_accepted_and_another_is_one_sentence(client, moodle):
    methods.require(client, moodle.auth)
    with pytest.raises(SourceRefused) as told:
        methods.require(client, GONE)
    assert str(told.value) == (
        f"La méthode d'authentification « {GONE} » n'est pas installée sur Moodle ({moodle.url}), qui refuserait chaque"
        f" compte : un administrateur y installe le greffon auth_{GONE}, ou corrige « auth » dans la connexion"
        " « moodle »."
    )


def test_accounts_of_a_method_that_is_gone_are_one_sentence(client, moodle, host, user):
    with host.uninstalled(user), pytest.raises(SourceRefused) as told:
        accounts.users(client)
    assert str(told.value) == (
        f"Moodle ({moodle.url}) ne montre plus aucun compte (Invalid response value detected) : l'un d'eux au moins a"
        " sans doute une méthode d'authentification qui n'y est pas installée ; un administrateur installe le greffon"
        " qui manque (pour « cas », le greffon auth_cas, qui n'est plus livré avec Moodle depuis la version 5.0), ou"
        " donne à ces comptes une autre méthode."
    )
    assert user in set(accounts.users(client)["id"])


def test_a_site_in_maintenance_is_away_and_is_asked_again(moodle, host):
    for how in ("ui", "cli"):
        pace = Pace(sleep=lambda _: None)
        client = MoodleClient(requests.Session(), moodle.url, moodle.token, wait=wait_none(), pace=pace)
        with host.shut(how), pytest.raises(SourceUnreachable, match=r"maintenance|indisponible"):
            reads.courses(client)
