"""A row of REFER that cannot be read freezes its object: what may hang on it stays, the rest goes on (Offer, rule 6)."""

from __future__ import annotations

import pytest

import tables
from world import World, codes, university, verbs

REFER = {
    "element": "code | a_distance ; A | N ; B | O ; P | N",
    "porte": "code_porte | code_porteur ; P | A",
    "groupe": "code | libelle ; GA | TD1 ; HA | TD2 ; GB | CEMU",
    "groupe_element": "code_groupe | code_element ; GA | A ; HA | A ; GB | B",
    "groupe_etudiant": "code_groupe | code_etudiant ; GA | S1 ; GA | S2 ; HA | S3 ; GB | S1 ; GB | S2",
    "etape": "code ; V1 ; V2",
    "inscription_administrative": "code_etudiant | code_etape | tele_enseignement ; S1 | V1 | O ; S2 | V1 | O ; S3 | V2 | N",
    "seance_ade": "code_element | code_enseignant ; P | T1 ; P | T2 ; B | T1",
}
PHASES = ("users", "cohorts", "offer", "enrolments", "groups")


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(**REFER)
    world.night()
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def set_aside(world: World, rows: str, **left: str) -> list[str]:
    """The changes of the next night, whose views hold only what is ``left``, these rows being set aside."""
    world.change(**left)
    world.source = world.source | {"illisible": tables.unread(tables.rows(rows))}
    world.source["people"] = tables.frame("people", "population | code ; student | S1 ; student | S2 ; student | S3 ; staff | T1 ; staff | T2")  # fmt: skip
    return [change for phase in PHASES for change in verbs(world.play(phase))]


def without(view: str, *rows: str) -> dict[str, str]:
    """That view without these rows."""
    header, *body = REFER[view].split(" ; ")
    return {view: " ; ".join([header, *(row for row in body if row not in rows)])}


def test_an_element_whose_row_cannot_be_read_is_frozen_with_its_course_its_rows_and_its_groups(world):
    left = without("element", "A | N") | without("groupe_etudiant", "GA | S1", "GB | S2")
    changes = set_aside(world, "view | element ; element | A", **left)
    assert changes == ["enrolment unenrol B-FOAD / es2 / student", "group_member remove B-FOAD / GB / es2"]


def test_a_row_of_an_element_that_names_none_keeps_every_course(world):
    assert set_aside(world, "view | element ; element | ", **without("element", "A | N", "B | O")) == []


def test_a_row_whose_login_names_no_account_goes_whatever_cannot_be_read(world):
    """A rename that was killed half-way left it; it enrols nobody."""
    world.moodle.table.add(("A", "es1.ancien", "student"))
    world.owned["enrolment"].loc[99] = ["A", "es1.ancien", "student"]
    changes = set_aside(world, "view | group ; groupe | ")
    assert changes == ["enrolment unenrol A / es1.ancien / student"]


def test_an_element_that_is_new_and_cannot_be_read_has_no_course_and_is_no_unknown_reference(world):
    left = {"groupe_element": REFER["groupe_element"] + " ; GA | N"}
    assert set_aside(world, "view | element ; element | N", **left) == []
    told = {code for phase in PHASES for code in codes(world.draft(phase))}
    assert not [code for code in told if code.startswith(("REFERENCE", "PORTEUR", "CATEGORIE"))]


def test_a_porte_whose_link_cannot_be_read_stays_with_its_porteur(world):
    for named in ("P", ""):
        night = world.copy()
        assert set_aside(night, f"view | element ; porte | {named}", porte="code_porte | code_porteur") == []
        left = {"porte": "code_porte | code_porteur"} | without("seance_ade", "P | T2")
        assert set_aside(night, f"view | element ; porte | {named}", **left) == [
            "enrolment unenrol A / pt2 / editingteacher"
        ]


def test_a_group_whose_row_cannot_be_read_keeps_its_members_and_their_rows(world):
    left = without("groupe", "GA | TD1") | without("groupe_etudiant", "HA | S3")
    changes = set_aside(world, "view | group ; groupe | GA", **left)
    assert changes == ["enrolment unenrol A / es3 / student", "group_member remove A / HA / es3"]


@pytest.mark.parametrize(
    ("named", "stays"),
    [
        ("GA | A", ["GA", "es1", "es2"]),
        ("GA |", ["GA", "es1", "es2"]),
        ("| A", ["GA", "HA", "es1", "es2", "es3"]),
        ("|", ["GA", "HA", "es1", "es2", "es3"]),
    ],
)
def test_an_attachment_that_cannot_be_read_keeps_the_group_in_the_course_and_its_people(world, named, stays):
    left = without("groupe_element", "GA | A", "HA | A")
    changes = set_aside(world, f"view | group | element ; groupe_element | {named}", **left)
    everything = {"GA", "HA", "es1", "es2", "es3"}
    gone = {change.split(" / ")[1] for change in changes if change.split()[1] in ("unenrol", "delete")}
    assert gone == everything - set(stays)


@pytest.mark.parametrize(
    ("named", "stays"),
    [
        ("GA | S1", {"A es1"}),
        ("GA |", {"A es1", "A es2", "A es3"}),
        ("| S1", {"A es1", "B-FOAD es1"}),
        ("|", {"A es1", "A es2", "A es3", "B-FOAD es1", "B-FOAD es2"}),
    ],
)
def test_a_membership_that_cannot_be_read_keeps_whom_it_may_be_about_where_it_may_be(world, named, stays):
    changes = set_aside(
        world, f"view | group | student ; groupe_etudiant | {named}", groupe_etudiant="code_groupe | code_etudiant"
    )
    students = {"A es1", "A es2", "A es3", "B-FOAD es1", "B-FOAD es2"}
    gone = {c.removeprefix("enrolment unenrol ").replace(" / student", "").replace(" / ", " ") for c in changes
            if c.startswith("enrolment unenrol")}  # fmt: skip
    assert gone == students - stays
    members = {c.split(" / ")[1] + " " + c.split(" / ")[2] for c in changes if c.startswith("group_member remove")}
    kept = {"GA es1", "GA es2", "HA es3", "GB es1", "GB es2"} - members
    assert kept == {
        "GA | S1": {"GA es1"}, "GA |": {"GA es1", "GA es2"}, "| S1": {"GA es1", "GB es1"},
        "|": {"GA es1", "GA es2", "HA es3", "GB es1", "GB es2"},
    }[named]  # fmt: skip


def test_an_ia_that_cannot_be_read_keeps_the_cohorts_and_the_foad_seats_of_the_student(world):
    left = without("inscription_administrative", "S1 | V1 | O", "S2 | V1 | O")
    left |= {"groupe_etudiant": REFER["groupe_etudiant"].replace("GA | S1 ; ", "")}
    assert set_aside(world, "view | student | etape ; inscription_administrative | S1 | V1", **left) == [
        "cohort_member remove V1 / es2",
        "enrolment unenrol A / es1 / student",
        "enrolment unenrol B-FOAD / es2 / student",
        "group_member remove A / GA / es1",
        "group_member remove B-FOAD / GB / es2",
    ]
    assert "CEMU_SANS_TELE B / S1 / GB" not in codes(world.draft("enrolments"))


def test_an_etape_whose_row_cannot_be_read_keeps_its_cohort_and_nobody_is_told_to_delete_it(world):
    left = without("etape", "V1") | without("inscription_administrative", "S2 | V1 | O")
    changes = set_aside(world, "view | etape ; etape | V1", **left)
    assert [change for change in changes if change.startswith("cohort")] == []
    assert codes(world.draft("cohorts")) == ["LIGNE_ILLISIBLE refer_etape / ligne / libelle"]
    assert set_aside(world, "view | etape ; etape | ", **without("etape", "V1")) == []
    assert "COHORTE_SANS_ETAPE V1" not in codes(world.draft("cohorts"))


@pytest.mark.parametrize(
    ("named", "gone"),
    [
        ("P | T1", ["A / pt2", "B / pt1"]),
        ("P |", ["B / pt1"]),
        ("| T1", ["A / pt2"]),
        ("|", []),
    ],
)
def test_a_sheet_that_cannot_be_read_keeps_the_teachers_it_may_be_about(world, named, gone):
    changes = set_aside(
        world, f"view | element | teacher ; seance_ade | {named}", seance_ade="code_element | code_enseignant"
    )
    assert changes == [f"enrolment unenrol {row} / editingteacher" for row in gone]


def test_a_category_whose_row_cannot_be_read_is_not_deleted_and_its_elements_are_frozen():
    world = university(categorie="code ; CAT ; VIDE", element="code | code_categorie ; A | CAT")
    world.play("offer")
    people = world.source["people"]
    for named in ("VIDE", None):
        night = world.copy()
        night.change(categorie="code ; CAT")
        night.source |= {"illisible": tables.unread([{"view": "categorie", "category": named}])}
        assert verbs(night.play("offer")) == []
    world.change(categorie="code ; VIDE")
    world.source |= {"people": people, "illisible": tables.unread([{"view": "categorie", "category": "CAT"}])}
    draft = world.play("offer")
    assert verbs(draft) == []
    assert codes(draft) == ["CATEGORIE_INCONNUE A", "LIGNE_ILLISIBLE refer_categorie / ligne / libelle"]


@pytest.mark.parametrize(
    ("view", "good", "bad"),
    [
        ("element", "code | libelle | a_distance ; A | a | N ; B | b | O ; P | p | N", ("A | a | N", "A | | N")),
        ("element", "code | libelle | a_distance ; A | a | N ; B | b | O ; P | p | N", ("B | b | O", "B | b | ?")),
        ("groupe", REFER["groupe"], ("GA | TD1", "GA | ")),
        ("inscription_administrative", REFER["inscription_administrative"], ("S1 | V1 | O", "S1 | V1 | oui")),
        ("etape", "code | libelle ; V1 | v1 ; V2 | v2", ("V1 | v1", "V1 | ")),
        (
            "seance_ade",
            "code_element | code_enseignant | premiere_seance ; P | T1 | 2026-09-14 ; P | T2 | ; B | T1 |",
            ("P | T1 | 2026-09-14", "P | T1 | 14/09/2026"),
        ),
        ("porte", REFER["porte"], ("P | A", "P | ")),
    ],
)
def test_a_row_that_becomes_unreadable_changes_nothing_and_is_told_once(world, view, good, bad):
    people = world.source["people"]
    world.change(**{view: good.replace(*bad)})
    world.source |= {"people": people}
    drafts = {phase: world.play(phase) for phase in PHASES}
    assert [change for draft in drafts.values() for change in verbs(draft)] == []
    told = [line for draft in drafts.values() for line in codes(draft)]
    assert [line.split()[:2] for line in told] == [["LIGNE_ILLISIBLE", f"refer_{view}"]]
