"""Categories: one per row of REFER, parents first; renamed, moved, deleted «si vide» and only when it is ours."""

from __future__ import annotations

import pytest

import tables
from ecampus.errors import ContractBroken
from world import World, codes, lines, university, verbs

FIRST = "code | libelle | code_parent ; UFR | sciences | ; LIC | licence | UFR ; L1 | première année | LIC"


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(categorie=FIRST)
    world.play("offer")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def test_a_category_per_row_named_by_its_code_and_its_label_parents_first(first_night):
    assert first_night.see("categories", "idnumber | name | parent") == lines("""
         | Divers |
        UFR | UFR - sciences |
        LIC | LIC - licence | UFR
        L1 | L1 - première année | LIC
    """)


def test_parents_are_created_before_their_children_whatever_the_order_of_the_rows():
    draft = university(categorie="code | code_parent ; A | B ; B | C ; C | ").draft("offer")
    assert verbs(draft) == ["category create C", "category create B", "category create A"]


def test_everything_stands_under_the_managed_root():
    world = university(categorie="code ; UFR")
    (world.moodle.root,) = world.by_hand("categories", "idnumber | name ; RACINE | ecampus")
    world.settings = tables.replace(world.settings, managed_root="RACINE")
    world.play("offer")
    assert "UFR | RACINE" in world.see("categories", "idnumber | parent")
    assert verbs(world.draft("offer")) == []


def test_a_managed_root_that_moodle_does_not_have_stops_the_phase_in_one_sentence():
    world = university()
    world.settings = tables.replace(world.settings, managed_root="RACINE")
    with pytest.raises(ContractBroken, match="La catégorie racine « RACINE » n'existe pas sur ecampus : la créer"):
        world.draft("offer")


def test_a_new_label_renames_a_new_parent_moves(world):
    world.change(
        categorie="code | libelle | code_parent ; UFR | sciences | ; LIC | licences | UFR ; L1 | première année | UFR"
    )
    assert verbs(world.play("offer")) == ["category rename LIC", "category move L1"]
    assert world.see("categories", "idnumber | name | parent")[1:] == lines("""
        L1 | L1 - première année | UFR
        LIC | LIC - licences | UFR
        UFR | UFR - sciences |
    """)


def test_a_parent_that_becomes_the_child_of_its_child_is_moved_in_an_order_that_moodle_takes(world):
    world.change(categorie="code | code_parent ; L1 | ; LIC | L1 ; UFR | LIC")
    world.play("offer")
    assert world.see("categories", "idnumber | parent")[1:] == ["L1 | ", "LIC | L1", "UFR | LIC"]


def test_drift_by_hand_is_healed(world):
    row = world.moodle.categories[world.id("categories", "LIC")]
    row.update(name="à moi", parent_id=0, idnumber="AUTRE")
    world.play("offer")
    assert "LIC | LIC - licence | UFR" in world.see("categories", "idnumber | name | parent")


def test_dropped_and_empty_it_is_deleted_children_first(world):
    world.change(categorie="code ; UFR")
    assert verbs(world.play("offer"))[1:] == ["category delete L1", "category delete LIC"]
    assert world.see("categories", "idnumber") == ["", "UFR"]


@pytest.mark.parametrize("kind", ["courses", "categories"])
def test_dropped_and_not_empty_it_stays_with_those_above_it(world, kind):
    inside = world.id("categories", "L1")
    column = "category_id" if kind == "courses" else "parent_id"
    world.by_hand(kind, f"idnumber | {column} ; | {inside}")
    world.change(categorie="code ; UFR")
    world.play("offer")
    assert world.see("categories", "idnumber").count("L1") == 1
    assert world.see("categories", "idnumber").count("LIC") == 1


def test_what_moves_out_of_it_tonight_leaves_it_empty_tonight():
    world = university(
        categorie="code | code_parent ; OLD | ; SUB | OLD",
        element="code | code_categorie ; E | OLD",
    )
    world.play("offer")
    world.change(categorie="code | code_parent ; NEW | ; SUB | NEW", element="code | code_categorie ; E | NEW")
    world.play("offer")
    assert world.see("categories", "idnumber") == ["", "NEW", "SUB"]
    assert verbs(world.draft("offer")) == []


def test_a_category_that_we_do_not_own_is_neither_renamed_moved_deleted_nor_doubled():
    world = university(categorie="code | code_parent ; UFR | ; LIC | UFR")
    world.by_hand("categories", "idnumber | name ; lic | Licences ; VIDE | rien dedans")
    draft = world.play("offer")
    assert codes(draft) == ["CODE_PRIS LIC"]
    assert world.see("categories", "idnumber | name | parent") == lines("""
         | Divers |
        UFR | UFR - ufr |
        VIDE | rien dedans |
        lic | Licences |
    """)


@pytest.mark.parametrize(
    ("categorie", "told"),
    [
        ("code | code_parent ; UFR | ; LIC | INCONNUE ; L1 | LIC", ["INCONNUE", "LIC"]),
        ("code | code_parent ; UFR | ; LIC | L1 ; L1 | LIC", ["L1", "LIC"]),
        ("code | code_parent ; UFR | ; LIC | LIC ; L1 | UFR", ["LIC"]),
    ],
    ids=["unknown parent", "cycle", "its own parent"],
)
def test_a_category_that_leads_to_no_root_is_not_created(categorie, told):
    world = university(categorie=categorie)
    draft = world.play("offer")
    assert codes(draft) == [f"REFERENCE_INCONNUE refer_categorie / code_parent / {code}" for code in told]
    assert "LIC" not in world.see("categories", "idnumber")


def test_a_category_that_leads_to_no_root_any_more_stays_exactly_as_it_is(world):
    before = world.see("categories", "idnumber | name | parent | visible")
    world.change(categorie="code | libelle | code_parent ; UFR | sciences | ; LIC | autre | NULLE ; L1 | autre | LIC")
    world.play("offer")
    assert world.see("categories", "idnumber | name | parent | visible") == before


def test_a_visible_category_is_not_moved_under_a_hidden_one(world):
    world.by_hand("categories", "idnumber | visible ; CACHEE | non")
    world.change(categorie="code | code_parent ; UFR | ; LIC | UFR ; CACHEE | ; L1 | CACHEE")
    draft = world.play("offer")
    assert codes(draft) == ["CATEGORIE_CACHEE L1", "CODE_PRIS CACHEE"]
    assert draft.anomalies["sentence"].iloc[0] == (
        "La catégorie L1 n'est pas déplacée dans la catégorie cachée CACHEE, ce qui la cacherait pour de bon ; rendre la"
        " catégorie visible sur ecampus, ou corriger le rattachement dans Apogée."
    )
    assert "L1 | LIC | oui" in world.see("categories", "idnumber | parent | visible")


@pytest.mark.parametrize("above", ["visible", "hidden"])
def test_a_category_moved_out_of_a_hidden_one_stays_hidden_and_is_told_that_night(world, above):
    for code in ("LIC", "L1"):
        world.moodle.categories[world.id("categories", code)]["visible"] = above == "visible" and code == "LIC"
    world.change(
        categorie="code | libelle | code_parent ; UFR | sciences | ; LIC | licence | UFR ; L1 | première année | UFR"
    )
    told = [
        "La catégorie L1 reste cachée, et tout ce qu'elle contient, alors qu'elle quitte la catégorie cachée"
        " « LIC - licence » ; la rendre visible sur ecampus."
    ]
    assert world.play("offer").anomalies["sentence"].tolist() == (told if above == "hidden" else [])
    assert codes(world.draft("offer")) == []


def test_of_two_that_moodle_takes_for_one_code_the_lowest_is_made_and_holds_what_is_in_both():
    world = university(
        categorie="code | code_parent ; LETTRÉ | ; LETTRE | ; BAS | LETTRÉ",
        element="code | code_categorie ; E | LETTRÉ",
    )
    draft = world.play("offer")
    assert codes(draft) == ["CODE_DOUBLE refer_categorie / LETTRÉ"]
    assert world.see("categories", "idnumber | parent")[1:] == ["BAS | LETTRE", "LETTRE | "]
    assert world.see("courses", "idnumber | category") == ["E | LETTRE"]
    assert verbs(world.draft("offer")) == []


def test_a_code_that_moodle_takes_for_that_of_a_hand_made_category_is_taken_and_what_is_in_it_goes_there():
    world = university(
        categorie="code | code_parent ; LETTRE | ; BAS | LETTRE", element="code | code_categorie ; E | BAS"
    )
    world.by_hand("categories", "idnumber | name ; lettré | à moi")
    assert codes(world.play("offer")) == ["CODE_PRIS LETTRE"]
    assert world.see("categories", "idnumber | name | parent")[1:] == ["BAS | BAS - bas | lettré", "lettré | à moi | "]
    assert verbs(world.draft("offer")) == []


def test_one_of_ours_whose_code_somebody_gave_to_a_hand_made_one_is_told_and_not_renamed(world):
    world.moodle.categories[world.id("categories", "LIC")]["idnumber"] = None
    world.by_hand("categories", "idnumber | name ; lic | à moi")
    draft = world.draft("offer")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS LIC"])


def test_codes_that_somebody_exchanged_are_healed_the_same_night(world):
    one, two = (world.moodle.categories[world.id("categories", code)] for code in ("LIC", "L1"))
    one["idnumber"], two["idnumber"] = "L1", "LIC"
    draft = world.play("offer")
    assert (verbs(draft), codes(draft)) == (["category rename LIC", "category rename L1"], [])
    assert (one["idnumber"], two["idnumber"], verbs(world.draft("offer"))) == ("LIC", "L1", [])


@pytest.mark.parametrize("dropped", [False, True], ids=["wanted", "no longer in REFER, and not empty"])
def test_one_of_ours_that_carries_the_code_of_another_gives_it_up_first(world, dropped):
    world.moodle.categories[world.id("categories", "L1")]["idnumber"] = "NEUVE"
    inside = world.id("categories", "NEUVE")
    world.by_hand("courses", f"shortname | category_id ; espace | {inside}")
    kept = FIRST.rpartition(" ; ")[0] if dropped else FIRST
    draft = world.change(categorie=kept + " ; NEUVE | neuve | UFR").play("offer")
    assert (verbs(draft), codes(draft)) == (["category rename L1", "category create NEUVE"], [])
    assert verbs(world.draft("offer")) == []
