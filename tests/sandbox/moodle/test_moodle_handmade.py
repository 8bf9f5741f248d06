"""What people made by hand, and the plain pages to look at it."""

import pytest

from sandbox.moodle import handmade


@pytest.fixture
def seeded(site):
    handmade.seed(site.db)
    return site


def test_the_site_has_spaces_people_groups_a_cohort_and_a_hidden_category_made_by_hand(seeded):
    snapshot = handmade.snapshot(seeded.db)
    assert {row["idnumber"] for row in snapshot["course"]} == {"", "BU-FORM", "ARCH-2019"}
    assert {row["auth"] for row in snapshot["user"]} == {"manual", "ldap"}
    assert [row["visible"] for row in snapshot["course_categories"]] == [0]
    kinds = {"cohort", "cohort_members", "groups", "groups_members", "role_assignments", "user_enrolments"}
    assert kinds < snapshot.keys()


def test_seeding_twice_adds_nothing(seeded):
    before = handmade.snapshot(seeded.db)
    handmade.seed(seeded.db)
    assert handmade.snapshot(seeded.db) == before


def test_a_course_of_the_offer_gets_people_and_a_group_by_hand(seeded):
    course = seeded.course("C1")
    handmade.seed_in(seeded.db, course)
    assert seeded.people(course) == {"intervenante.ext": ["editingteacher"], "tuteur.ext": ["student"]}
    names = [group["name"] for group in seeded.call("core_group_get_course_groups", courseid=course)]
    assert names == ["Groupe d'entraide"]


def test_a_space_of_ones_own_may_be_added(site):
    handmade.seed(site.db, [handmade.Space("Suspect", "L1MAT101 - algèbre bis")])
    assert "Suspect" in [row["shortname"] for row in handmade.snapshot(site.db)["course"]]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("course", {"fullname": "ex_"}),
        ("user", {"suspended": 1}),
        ("groups", {"name": "renommé"}),
        ("user_enrolments", {"status": 1}),
    ],
)
def test_a_snapshot_sees_any_change(seeded, table, change):
    before = handmade.snapshot(seeded.db)
    seeded.db.update(table, before[table][0]["id"], **change)
    assert handmade.snapshot(seeded.db) != before


def test_a_snapshot_sees_what_has_gone(seeded):
    before = handmade.snapshot(seeded.db)
    seeded.db.run("DELETE FROM mdl_groups_members")
    assert handmade.snapshot(seeded.db) != before


def page(site, path):
    return site.http.get(f"{site.server.url}{path}", timeout=5)


def test_the_front_page_shows_categories_courses_and_cohorts(seeded):
    text = page(seeded, "/").text
    for name in ("Divers", "Espace des tuteurs", "Archives de la plateforme", "BU-PERSONNELS"):
        assert name in text
    assert "<small>(caché)</small>" in text


def test_a_course_shows_people_with_role_and_method_and_groups_with_members(seeded):
    course = seeded.db.same("course", "shortname", "TUTEURS")
    text = page(seeded, f"/course/{course}").text
    for words in ("Luc Tuteur (tuteur.ext)", "Étudiant", "manuelle", "active", "Tuteurs de première année"):
        assert words in text


def test_a_person_shows_their_courses(seeded):
    text = page(seeded, f"/user/{seeded.db.same('user', 'username', 'tuteur.ext')}").text
    assert "Espace des tuteurs" in text


def test_names_are_escaped_in_pages(seeded):
    course = seeded.course("C1", fullname="a & b < c")
    assert "a &amp; b &lt; c" in page(seeded, f"/course/{course}").text


@pytest.mark.parametrize("path", ["/course/99", "/course/x", "/nowhere", "/user/99", "/category/99"])
def test_an_unknown_page_is_a_404_in_french(site, path):
    answer = page(site, path)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
