"""What Moodle and the register would be after a plan: what is created, changed, taken away, held, and what hangs on it."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Inputs
from ecampus.changes.imagine import imagine, numbered
from ecampus.changes.possible import possible
from world import World, lines, university, verbs

PEOPLE = "code | uid ; S1 | es1 ; S2 | es2"


def small() -> World:
    """One course, one group, two students."""
    return university(
        element="code | libelle ; A | algèbre",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; G | S2",
        inscription_administrative="code_etudiant ; S1 ; S2",
        people=PEOPLE,
    )


def imagined(world: World, phase: str, held: str = "") -> Inputs:
    """After the phase, but for the changes of which the identifier begins with ``held``."""
    inputs, draft = world.inputs(phase), world.draft(phase)
    return imagine(inputs, holding(draft.changes, held))


def holding(changes: pd.DataFrame, held: str) -> pd.DataFrame:
    waits = plan.change_ids(changes).str.startswith(held) if held else pd.Series(False, index=changes.index)
    return changes.assign(held=changes["held"].mask(waits, "trop de changements"))


def seen(inputs: Inputs, name: str, columns: str) -> list[str]:
    """A frame as the lines of a text table."""
    frame = inputs.existing[name][[column.strip() for column in columns.split("|")]]
    cells = frame.astype("object").where(frame.notna(), "")
    return sorted(" | ".join(map(str, row)) for row in cells.itertuples(index=False, name=None))


def test_what_is_created_has_an_id_below_zero_and_is_ours():
    world = small()
    after = imagined(world, "users")
    assert seen(after, "users", "id | username | idnumber | auth | suspended")[:2] == lines("""
        -1 | es1 | S1 | cas | False
        -2 | es2 | S2 | cas | False
    """)
    assert sorted(after.owned["account"]["user_id"]) == [-2, -1]
    assert len(world.moodle.users) == 1
    assert world.owned["account"].empty


def test_a_course_is_created_hidden_in_a_category_that_is_created_too():
    after = imagined(small(), "offer")
    assert seen(after, "categories", "id | idnumber | parent_id")[0] == "-1 | CAT | 0"
    assert seen(after, "courses", "id | idnumber | fullname | category_id | visible") == [
        "-1 | A | A - algèbre | -1 | False"
    ]


def test_ids_are_not_given_twice_to_what_two_plans_create():
    world = small()
    once = imagined(world, "offer")
    again = numbered(world.draft("offer").changes, once.existing)
    assert again["moodle_id"].tolist() == [-2, -2]


def test_members_of_a_cohort_and_of_a_group_that_are_created_are_theirs():
    world = small()
    world.play("users")
    after = imagined(world, "cohorts")
    assert sorted(after.owned["cohort_member"]["cohort_id"]) == [-1, -1]
    world.play("cohorts", "offer", "enrolments")
    after = imagined(world, "groups")
    assert seen(after, "groups", "id | idnumber") == ["-1 | G"]
    assert after.existing["group_members"]["group_id"].tolist() == [-1, -1]


def test_with_a_group_that_is_deleted_go_its_members():
    world = small()
    world.night()
    world.change(groupe_element="", groupe_etudiant="")
    after = imagined(world, "groups")
    assert seen(after, "groups", "idnumber") == []
    assert after.existing["group_members"].empty
    assert after.owned["group_member"].empty


def test_the_last_of_two_changes_of_a_field_counts_and_a_field_that_none_speaks_of_stays():
    world = small()
    world.night()
    world.change(people="code | uid | sn | mail ; S1 | neuf | Autre | es2@univ.fr ; S2 | es2 | NomS2 | es1@univ.fr")
    after = imagined(world, "users")
    assert seen(after, "users", "username | lastname | email | auth | suspended")[1:] == lines("""
        es2  | NomS2 | es1@univ.fr | cas | False
        neuf | Autre | es2@univ.fr | cas | False
    """)


def test_what_is_held_is_not_made_nor_what_needs_it_nor_the_rows_copied_for_its_key():
    world = small()
    world.night()
    world.change(element="code ; B", porte="")
    changes = world.draft("offer").changes
    assert verbs_of(possible(holding(changes, "course|archive|"), pd.Index(["CAT"]))) == ["course create B"]
    after = imagined(world, "offer", held="course|archive|")
    assert seen(after, "courses", "idnumber") == ["A", "B"]
    assert after.existing["enrolment_rows"]["course_idnumber"].unique().tolist() == ["A"]
    assert after.owned["course"].set_index("key")["archived"].isna().all()


def test_nothing_goes_into_a_category_that_is_held_nor_into_one_below_it():
    world = university(
        categorie="code | code_parent ; HAUT | ; BAS | HAUT", element="code | code_categorie ; A | BAS ; B | HAUT"
    )
    after = imagined(world, "offer", held="category|create|HAUT")
    assert seen(after, "courses", "idnumber") == []
    assert seen(after, "categories", "name") == ["Divers"]


def test_nobody_goes_into_a_group_or_a_cohort_that_is_held():
    world = small()
    world.play("users")
    assert imagined(world, "cohorts", held="cohort|create|").owned["cohort_member"].empty
    world.play("cohorts", "offer", "enrolments")
    assert imagined(world, "groups", held="group|create|").existing["group_members"].empty


def test_a_category_is_not_deleted_while_a_move_out_of_it_is_held():
    world = university(categorie="code ; VIEILLE ; CAT", element="code | code_categorie ; A | VIEILLE")
    world.night()
    world.change(categorie="code ; CAT", element="code | code_categorie ; A | CAT")
    assert verbs(world.draft("offer")) == ["course move A", "category delete VIEILLE"]
    assert "VIEILLE" not in seen(imagined(world, "offer"), "categories", "idnumber")
    held = imagined(world, "offer", held="course|move|")
    assert "VIEILLE" in seen(held, "categories", "idnumber")
    assert "VIEILLE" in held.owned["category"]["code"].tolist()


def test_what_enters_a_hidden_category_is_hidden_with_all_that_is_in_it():
    world = university(
        categorie="code | code_parent ; HAUT | ; BAS | ; SOUS | BAS",
        element="code | code_categorie ; A | SOUS ; B | BAS",
    )
    world.night()
    for course in world.moodle.courses.values():
        course["visible"] = True
    for code in ("HAUT", "BAS"):
        world.moodle.categories[world.id("categories", code)]["visible"] = False
    world.change(categorie="code | code_parent ; HAUT | ; BAS | HAUT ; SOUS | BAS")
    after = imagined(world, "offer")
    assert seen(after, "categories", "idnumber | visible")[1:] == ["BAS | False", "HAUT | False", "SOUS | False"]
    assert seen(after, "courses", "idnumber | visible") == ["A | False", "B | False"]


def verbs_of(changes: pd.DataFrame) -> list[str]:
    return [" ".join(row) for row in changes[["object", "verb", "key"]].itertuples(index=False, name=None)]
