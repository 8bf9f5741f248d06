"""Courses: «création, renommage, déplacement ou suppression si besoin», «archive ‘ex_’», never deleted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from world import World, codes, lines, university, verbs

ELEMENTS = "code | libelle | a_distance ; L1MAT101 | algèbre linéaire | N ; L1INF1 | python | O"
NAMES = "idnumber | shortname | fullname"


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(element=ELEMENTS)
    world.play("offer")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def keys(world: World) -> list[str]:
    return world.see("courses", "idnumber")


def test_a_course_per_element_hidden_in_its_category_and_a_foad_twin_of_a_distance_one(first_night):
    assert first_night.see("courses", "idnumber | shortname | fullname | category | visible") == lines("""
        L1MAT101    | L1MAT101    | L1MAT101 - algèbre linéaire      | CAT | non
        L1INF1      | L1INF1      | L1INF1 - python                  | CAT | non
        L1INF1-FOAD | L1INF1-FOAD | L1INF1-FOAD - python (FOAD)      | CAT | non
    """)


def test_the_twin_says_foad_in_its_summary_at_creation():
    changes = university(element=ELEMENTS).draft("offer").changes
    summaries = dict(zip(changes["key"], changes["after"], strict=True))
    assert '"summary": "FOAD"' in summaries["L1INF1-FOAD"]
    assert '"summary": ""' in summaries["L1INF1"]


def test_an_element_carried_by_another_has_no_course_whatever_the_length_of_the_chain():
    world = university(element="code ; A ; B ; C", porte="code_porte | code_porteur ; A | B ; B | C")
    world.play("offer")
    assert keys(world) == ["C"]


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        ({"element": "code | code_categorie ; A | NULLE ; OK | CAT"}, "CATEGORIE_INCONNUE"),
        ({"element": "code ; A ; OK", "porte": "code_porte | code_porteur ; A | AILLEURS"}, "PORTEUR_INCONNU"),
        ({"element": "code ; A ; OK", "porte": "code_porte | code_porteur ; A | A"}, "PORTAGE_EN_BOUCLE"),
    ],
)
def test_nothing_is_created_for_a_frozen_element_and_an_existing_course_stays_exactly_as_it_is(offer, code):
    frozen = university(**offer)
    assert codes(frozen.play("offer")) == [f"{code} A"]
    assert keys(frozen) == ["OK"]
    before = university(element="code | a_distance ; A | O ; OK | N")
    before.play("offer")
    seen = before.see("courses", NAMES)
    before.change(**offer)
    assert verbs(before.play("offer")) == []
    assert before.see("courses", NAMES) == seen


def test_the_elements_of_a_category_in_a_cycle_are_frozen():
    world = university(categorie="code | code_parent ; A | B ; B | A", element="code | code_categorie ; E | A")
    assert "CATEGORIE_INCONNUE E" in codes(world.play("offer"))
    assert keys(world) == []


def test_a_new_label_renames_both_courses_a_new_category_moves_both(world):
    world.change(
        categorie="code ; CAT ; AUTRE",
        element="code | libelle | a_distance | code_categorie ; L1MAT101 | algèbre | N | CAT ; L1INF1 | python | O | AUTRE",
    )
    assert verbs(world.play("offer")) == [
        "category create AUTRE", "course rename L1MAT101", "course move L1INF1", "course move L1INF1-FOAD",
    ]  # fmt: skip
    assert world.see("courses", "idnumber | fullname | category") == lines("""
        L1MAT101    | L1MAT101 - algèbre          | CAT
        L1INF1      | L1INF1 - python             | AUTRE
        L1INF1-FOAD | L1INF1-FOAD - python (FOAD) | AUTRE
    """)


def test_drift_by_hand_is_healed_in_the_managed_fields_and_left_in_those_of_the_teacher(world):
    course = world.moodle.courses[world.id("courses", "L1MAT101")]
    course.update(fullname="Mon cours", shortname="moi", idnumber="MOI", category_id=1, visible=True)
    assert verbs(world.play("offer")) == ["course rename L1MAT101", "course move L1MAT101"]
    assert "L1MAT101 | L1MAT101 | L1MAT101 - algèbre linéaire" in world.see("courses", NAMES)
    assert course["visible"] is True


@pytest.mark.parametrize(
    ("offer", "archived"),
    [
        ({"element": "code | libelle | a_distance ; L1INF1 | python | O"}, ["ex_L1MAT101"]),
        ({"element": ELEMENTS.replace("O", "N")}, ["ex_L1INF1-FOAD"]),
        (
            {"element": ELEMENTS, "porte": "code_porte | code_porteur ; L1INF1 | L1MAT101"},
            ["ex_L1INF1", "ex_L1INF1-FOAD"],
        ),
    ],
    ids=["absent from REFER", "no longer distance", "become porté"],
)
def test_what_refer_no_longer_wants_is_archived(world, offer, archived):
    course = world.moodle.courses[world.id("courses", archived[0].removeprefix("ex_"))]
    course["visible"] = True
    before = dict(course)
    world.change(**offer)
    world.play("offer")
    assert [key for key in keys(world) if key.startswith("ex_")] == archived
    assert course == before | {
        "idnumber": archived[0], "shortname": archived[0], "fullname": f"ex_{before['fullname']}",
    }  # fmt: skip
    assert verbs(world.draft("offer")) == []


def test_the_prefix_is_the_smallest_free_for_idnumber_and_shortname_together(world):
    world.by_hand("courses", "idnumber | shortname ; EX_L1MAT101 | autre ; | ex_2_L1MAT101")
    world.change(element="code | a_distance ; L1INF1 | O")
    world.play("offer")
    assert "ex_3_L1MAT101 | ex_3_L1MAT101 | ex_3_L1MAT101 - algèbre linéaire" in world.see("courses", NAMES)


def test_a_code_that_comes_back_finds_its_course_again_renamed_and_moved(world):
    id_ = world.id("courses", "L1MAT101")
    world.change(element="code | libelle | a_distance ; L1INF1 | python | O").play("offer")
    world.change(
        categorie="code ; CAT ; AUTRE",
        element=ELEMENTS.replace("linéaire", "bilinéaire").replace("libelle", "code_categorie | libelle")
        .replace("L1MAT101 |", "L1MAT101 | AUTRE |").replace("L1INF1 |", "L1INF1 | CAT |"),
    )  # fmt: skip
    assert verbs(world.play("offer")) == ["category create AUTRE", "course move L1MAT101", "course restore L1MAT101"]
    assert world.id("courses", "L1MAT101") == id_
    assert "L1MAT101 | L1MAT101 - algèbre bilinéaire | AUTRE" in world.see("courses", "idnumber | fullname | category")
    assert verbs(world.draft("offer")) == []


def test_the_most_recently_archived_course_is_the_one_restored():
    world = university(element="code ; A ; B")
    world.play("offer")
    first = world.id("courses", "A")
    world.change(element="code ; B").play("offer")
    world.moodle.courses[first].update(idnumber="range", shortname="range")
    world.owned["course"] = world.owned["course"][world.owned["course"]["id"] != first]
    world.change(element="code ; A ; B").play("offer")
    second = world.id("courses", "A")
    world.change(element="code ; B").play("offer")
    older = {"id": first, "key": "A", "archived": (world.settings.night - timedelta(days=9)).isoformat()}
    world.owned["course"].loc[len(world.owned["course"])] = older
    world.change(element="code ; A ; B").play("offer")
    assert world.id("courses", "A") == second != first


def test_the_code_of_a_course_that_is_not_ours_is_neither_taken_nor_doubled():
    world = university(element="code ; A ; B")
    world.by_hand("courses", "idnumber | shortname | fullname ; a | x | à moi ; | B | à toi")
    before = world.see("courses", NAMES)
    assert codes(world.play("offer")) == ["CODE_PRIS A", "CODE_PRIS B"]
    assert world.see("courses", NAMES) == before


def test_the_code_taken_by_hand_while_the_course_was_archived_leaves_the_archive_where_it_is(world):
    world.change(element="code | a_distance ; L1INF1 | O").play("offer")
    world.by_hand("courses", "idnumber | shortname ; L1MAT101 | à moi")
    world.change(element=ELEMENTS)
    draft = world.play("offer")
    assert codes(draft) == ["CODE_PRIS L1MAT101"]
    assert "ex_L1MAT101" in keys(world)


def test_the_code_taken_by_hand_while_ours_had_lost_it_is_told_and_nothing_is_renamed(world):
    world.moodle.courses[world.id("courses", "L1MAT101")].update(idnumber="perdu", shortname="perdu")
    world.by_hand("courses", "idnumber | shortname ; L1MAT101 | à moi")
    draft = world.play("offer")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS L1MAT101"])


@pytest.mark.parametrize("visible", ["oui", "non"])
def test_a_course_that_its_teacher_opened_is_not_moved_into_a_hidden_category(world, visible):
    world.moodle.courses[world.id("courses", "L1MAT101")]["visible"] = visible == "oui"
    world.change(categorie="code ; CAT ; CACHEE").play("offer")
    world.moodle.categories[world.id("categories", "CACHEE")]["visible"] = False
    world.change(element=ELEMENTS.replace("libelle", "code_categorie | libelle")
                 .replace("L1MAT101 |", "L1MAT101 | CACHEE |").replace("L1INF1 |", "L1INF1 | CAT |"))  # fmt: skip
    draft = world.play("offer")
    expected = (["CATEGORIE_CACHEE L1MAT101"], "CAT") if visible == "oui" else ([], "CACHEE")
    assert codes(draft) == expected[0]
    assert f"L1MAT101 | {expected[1]} | {visible}" in world.see("courses", "idnumber | category | visible")


def test_a_course_that_its_teacher_opened_is_not_moved_into_a_new_category_that_will_be_hidden(world):
    world.moodle.courses[world.id("courses", "L1MAT101")]["visible"] = True
    world.change(categorie="code ; CAT ; HAUT").play("offer")
    world.moodle.categories[world.id("categories", "HAUT")]["visible"] = False
    world.change(
        categorie="code | code_parent ; CAT | ; HAUT | ; BAS | HAUT", element="code | code_categorie ; L1MAT101 | BAS"
    )
    world.play("offer")
    assert "L1MAT101 | CAT | oui" in world.see("courses", "idnumber | category | visible")
    assert codes(world.draft("offer")) == ["CATEGORIE_CACHEE L1MAT101"]


def test_espaces_complementaires_are_never_touched_wherever_they_stand(world):
    cat = world.id("categories", "CAT")
    world.by_hand(
        "courses",
        f"idnumber | shortname | category_id | visible ; | espace | {cat} | oui ; AUTRE | L1MAT1 | {cat} | non",
    )
    spaces = [dict(row) for row in list(world.moodle.courses.values())[-2:]]
    world.change(element="code ; AUTRE ; NOUVEAU").play("offer")
    world.change(element="code ; L1INF1").play("offer")
    assert list(world.moodle.courses.values())[3:5] == spaces


def test_a_course_deleted_by_hand_is_created_again(world):
    del world.moodle.courses[world.id("courses", "L1MAT101")]
    assert verbs(world.play("offer")) == ["course create L1MAT101"]


def test_a_course_waits_for_its_category_when_moodle_refuses_it(world):
    world.by_hand("categories", "idnumber | name | parent_id ; autre | la leur | 0")
    world.change(categorie="code ; CAT ; AUTRE", element=ELEMENTS + " ; X | x | N")
    draft = world.play("offer")
    assert "CODE_PRIS AUTRE" in codes(draft)
    assert "X" in keys(world)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [("ex_A", ["ex_2_A 2_A", "ex_3_A A"]), ("autre", ["ex_2_A 2_A", "ex_A A"])],
)
def test_two_archives_of_one_night_never_take_the_same_name(taken, expected):
    world = university(element="code ; A ; 2_A ; B")
    world.play("offer")
    world.by_hand("courses", f"idnumber | shortname ; {taken} | {taken}")
    changes = world.change(element="code ; B").play("offer").changes
    assert sorted(f"{json.loads(row.after)['idnumber']} {row.key}" for row in changes.itertuples()) == expected


@pytest.mark.parametrize(("length", "kept"), [(250, 250), (251, 251), (254, 251)])
def test_the_name_of_an_archive_is_cut_to_what_moodle_holds(world, length, kept):
    """A name that long was given by hand: those of the offer leave room for the prefix."""
    world.moodle.courses[world.id("courses", "L1MAT101")]["fullname"] = "x" * length
    world.change(element="code | a_distance ; L1INF1 | O").play("offer")
    assert f"ex_L1MAT101 | ex_{'x' * kept}" in world.see("courses", "idnumber | fullname")


def test_an_archive_never_takes_the_code_that_an_element_has():
    world = university(element="code ; A ; B")
    world.play("offer")
    world.change(element="code ; EX_A ; B").play("offer")
    assert keys(world) == ["B", "EX_A", "ex_2_A"]
    assert verbs(world.draft("offer")) == []


def test_an_archive_gives_its_code_up_to_an_element_that_comes_with_it_and_takes_its_people_along():
    world = university(
        element="code ; A ; B",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
    )
    world.night()
    world.change(element="code ; B").night()
    first = world.id("courses", "ex_A")
    world.change(element="code ; B ; EX_A").night()
    assert world.id("courses", "ex_2_A") == first
    assert "ex_2_A | ex_2_A | ex_2_A - a" in world.see("courses", NAMES)
    assert "EX_A" in keys(world)
    assert world.table() == ["ex_2_A | es1 | student"]
    assert [verbs(world.draft(phase)) for phase in ("offer", "enrolments", "groups")] == [[], [], []]


@pytest.mark.parametrize(
    ("element", "expected", "told"),
    [
        ("D1 | O ; D1-FOAD | N", ["D1", "D1-FOAD - d1 (FOAD)"], ["CODE_DOUBLE refer_element / D1-FOAD"]),
        (
            "D1-FOAD | O ; D1 | O",
            ["D1", "D1-FOAD - d1 (FOAD)", "D1-FOAD-FOAD"],
            ["CODE_DOUBLE refer_element / D1-FOAD"],
        ),
        ("D1 | N ; D1-FOAD | N", ["D1", "D1-FOAD - d1-foad"], []),
        ("D1 | N ; D1-FOAD | O", ["D1", "D1-FOAD - d1-foad", "D1-FOAD-FOAD"], []),
    ],
)
def test_an_element_whose_code_is_that_of_the_foad_course_of_another_has_no_course_of_its_own(element, expected, told):
    world = university(element=f"code | a_distance ; {element}")
    assert codes(world.play("offer")) == told
    names = world.see("courses", "fullname")
    assert len(names) == len(expected)
    assert all(any(name.startswith(start) for name in names) for start in expected)
    assert verbs(world.draft("offer")) == []


@pytest.mark.parametrize(
    ("category", "porte", "expected"),
    [
        ("NULLE", "X | Y", []),
        ("CAT", "D1 | P", ["D1-FOAD - d1-foad"]),
    ],
    ids=["frozen: its FOAD course, if any, stays as it is", "porté: it has none"],
)
def test_a_frozen_element_keeps_the_code_of_its_foad_course_a_porte_does_not(category, porte, expected):
    world = university(
        element=f"code | a_distance | code_categorie ; D1 | O | {category} ; D1-FOAD | N | CAT ; P | N | CAT",
        porte=f"code_porte | code_porteur ; {porte}",
    )
    draft = world.play("offer")
    assert [name for name in world.see("courses", "fullname") if name.startswith("D1-FOAD")] == expected
    assert ("CODE_DOUBLE refer_element / D1-FOAD" in codes(draft)) == (not expected)


def test_two_elements_that_lead_to_one_course_are_told_in_one_sentence():
    draft = university(element="code | a_distance ; D1 | O ; D1-FOAD | N").draft("offer")
    assert draft.anomalies["sentence"].tolist() == [
        "Dans refer_element, les codes « D1 », « D1-FOAD » mènent au même cours D1-FOAD : seul le premier est retenu ;"
        " supprimer le doublon dans Apogée."
    ]


@pytest.mark.parametrize(("category", "told"), [("CACHEE", ["COURS_CACHE L1MAT101"]), ("CAT", [])])
def test_a_course_moved_out_of_a_hidden_category_stays_hidden_and_is_told_that_night(world, category, told):
    places = "categorie=code | libelle ; CAT | cat ; CACHEE | caché ; VUE | vue"
    name, text = places.split("=")
    for step in (category, "VUE"):
        world.change(**{name: text}, element=ELEMENTS.replace("libelle", "code_categorie | libelle")
                     .replace("L1MAT101 |", f"L1MAT101 | {step} |").replace("L1INF1 |", "L1INF1 | CAT |"))  # fmt: skip
        draft = world.play("offer")
        world.moodle.categories[world.id("categories", "CACHEE")]["visible"] = False
    assert codes(draft) == told
    assert (
        draft.anomalies["sentence"].tolist()
        == [
            "Le cours L1MAT101 est encore caché alors qu'il quitte la catégorie cachée « CACHEE - caché » : les étudiants ne le"
            " voient pas ; un enseignant du cours peut le rendre visible dans ses paramètres, sur ecampus."
        ][: len(told)]
    )
    assert codes(world.draft("offer")) == []


def test_a_chain_of_porteurs_goes_through_codes_that_are_no_elements():
    world = university(
        element="code ; A ; E8", porte="code_porte | code_porteur ; A | B ; B | C ; C | E8",
        seance_ade="code_element | code_enseignant ; A | T1",
    )  # fmt: skip
    assert codes(world.play("users", "offer")) == []
    world.play("enrolments")
    assert (keys(world)[-1:], world.table()) == (["E8"], ["E8 | pt1 | editingteacher"])


@pytest.mark.parametrize(
    ("porte", "told"),
    [
        ("A | B ; B | C ; C | B", ["PORTAGE_EN_BOUCLE A"]),
        ("A | B ; B | A", ["PORTAGE_EN_BOUCLE A"]),
        ("A | B ; B | C", ["PORTEUR_INCONNU A"]),
        ("X | E8", ["REFERENCE_INCONNUE refer_porte / code_porte / X"]),
        ("X | Y ; Y | E8", [f"REFERENCE_INCONNUE refer_porte / code_porte / {code}" for code in "XY"]),
    ],
)
def test_a_loop_or_an_end_among_unknown_codes_is_unusable(porte, told):
    world = university(element="code ; A ; E8", porte=f"code_porte | code_porteur ; {porte}")
    assert codes(world.draft("offer")) == told


@pytest.mark.parametrize("taken", ["L1E", "l1é", "Ｌ１É"])
def test_a_code_that_moodle_takes_for_that_of_a_hand_made_course_is_taken(taken):
    world = university(element="code ; L1É")
    world.by_hand("courses", f"idnumber | shortname ; {taken} | mien")
    draft = world.play("offer")
    assert codes(draft) == ["CODE_PRIS L1É"]
    assert "course create L1É" not in verbs(draft)


def test_of_two_elements_that_moodle_takes_for_one_code_the_lowest_has_a_course_and_the_second_night_is_quiet():
    world = university(element="code ; L1É ; L1E")
    draft = world.play("offer")
    assert codes(draft) == ["CODE_DOUBLE refer_element / L1É"]
    assert draft.anomalies["sentence"].tolist() == [
        "Dans refer_element, les codes « L1E », « L1É » sont un même code pour Moodle : seul le premier est retenu ;"
        " supprimer le doublon dans Apogée."
    ]
    assert [verb for verb in verbs(draft) if verb.startswith("course")] == ["course create L1E"]
    assert verbs(world.draft("offer")) == []
    world.change(element="code ; L1E")
    assert verbs(world.draft("offer")) == []


TAUGHT = {
    "groupe": "code ; GA ; GB",
    "groupe_element": "code_groupe | code_element ; GA | A ; GB | B",
    "groupe_etudiant": "code_groupe | code_etudiant ; GA | S1 ; GB | S2",
}
SEATED = ["A | es1 | student", "ex_B | es2 | student"]


@pytest.fixture(scope="module")
def two_taught() -> World:
    world = university(element="code ; A ; B", **TAUGHT)
    world.play("users", "offer", "enrolments")
    return world


@pytest.fixture(scope="module")
def one_archived(two_taught: World) -> World:
    world = two_taught.copy().change(element="code ; A")
    world.play("offer", "enrolments")
    return world


def typed(world: World, **codes_: str | None) -> None:
    """Somebody types these codes in our courses; where there is none, the field is emptied."""
    ids = {world.id("courses", key): code for key, code in codes_.items()}
    for id_, code in ids.items():
        world.moodle.courses[id_].update(idnumber=code, shortname=code or f"cours {id_}")
    world.moodle.sync()


def healed(world: World) -> list[str]:
    """What the offer of the next day changes: nobody is told, everybody is seated, and the day after is quiet."""
    draft = world.change().play("offer", "enrolments")
    assert "CODE_PRIS" not in " ".join(codes(draft))
    assert world.table() == SEATED == world.see("enrolled", "course | username | role")
    return verbs(world.draft("offer"))


@pytest.mark.parametrize(
    "by_hand",
    [
        {"A": "ex_B", "ex_B": "A"},
        {"A": None, "ex_B": "A"},
        {"ex_B": None},
        {"ex_B": "à moi"},
        {"ex_B": "EX_B"},
    ],
    ids=["exchanged", "A emptied, the archive typed A", "the archive emptied", "edited", "in another case"],
)
def test_a_course_and_an_archive_of_ours_have_their_codes_again_the_same_night_with_their_people(one_archived, by_hand):
    world = one_archived.copy()
    typed(world, **by_hand)
    world.moodle.courses[list(world.moodle.courses)[-1]]["fullname"] = "renommé par le personnel"
    assert healed(world) == []
    assert "ex_B | ex_B | renommé par le personnel" in world.see("courses", NAMES)


def test_exchanged_with_one_that_refer_drops_the_same_day_that_one_is_archived_first(two_taught):
    world = two_taught.copy()
    typed(world, A="B", B="A")
    world.change(element="code ; A")
    draft = world.draft("offer")
    assert [verb for verb in verbs(draft) if verb.startswith("course")] == ["course archive B", "course rename A"]
    assert draft.changes.set_index("verb").loc["rename", "needs"] == "course|archive|B"
    assert healed(world) == []


def test_a_course_to_which_somebody_gave_the_code_of_a_new_element_gives_it_up_the_same_night():
    world = university(element="code ; A ; B")
    world.play("offer")
    typed(world, A="C")
    draft = world.change(element="code ; A ; B ; C").play("offer")
    assert (verbs(draft), codes(draft)) == (["course rename A", "course create C"], [])
    assert keys(world) == ["A", "B", "C"]


def test_one_that_cannot_have_its_code_back_keeps_what_another_would_take(world):
    typed(world, L1MAT101="N")
    world.by_hand("courses", "idnumber | shortname ; l1mat101 | à moi")
    draft = world.change(element=ELEMENTS + " ; N | nouveau | N").play("offer")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS L1MAT101", "CODE_PRIS N"])


def test_an_archive_whose_code_somebody_gave_to_another_course_takes_the_next_one_with_its_people(one_archived):
    world = one_archived.copy()
    typed(world, ex_B=None)
    world.by_hand("courses", "idnumber | shortname ; ex_B | à moi")
    world.change().play("offer", "enrolments")
    assert world.table() == ["A | es1 | student", "ex_2_B | es2 | student"]
    assert "ex_2_B | es2 | student" in world.see("enrolled", "course | username | role")
    assert verbs(world.draft("offer")) == []


def test_an_archive_that_somebody_gave_its_old_code_back_is_restored_at_once(one_archived):
    world = one_archived.copy()
    typed(world, ex_B="B")
    draft = world.change(element="code ; A ; B").draft("offer")
    assert [verb for verb in verbs(draft) if verb.startswith("course")] == ["course restore B"]


def test_an_archive_in_the_way_is_healed_the_night_its_element_comes_back_and_restored_the_next(one_archived):
    world = one_archived.copy()
    typed(world, A="B", ex_B="A")
    draft = world.change(element="code ; A ; B").play("offer")
    assert (verbs(draft), codes(draft)) == (["course rename A", "course rename ex_B"], [])
    world.play("offer")
    assert keys(world) == ["A", "B"]
