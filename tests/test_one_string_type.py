"""Every frame of every phase, as production makes it, through the door and through Parquet: one type of text.

pandas has three (``str``, ``string``, Python objects), with two nulls: a column of one compared with a column of
another gives a mask that holds NA, and a row that is silently left out.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest

import tables
from ecampus import contract
from ecampus.calendar import PHASES as NIGHT
from ecampus.changes.draft import Inputs
from ecampus.night.phases import PHASES
from ecampus.rules.referential import PersonCodes, clean
from ecampus.store import archive
from ecampus.store.files import Run, Store
from frames import assert_typed, strict_masks
from world import World, university

EMPTY = {"element": "code ; A", "groupe": "code ; G"}
FULL = {
    "element": "code | a_distance | libelle ; A | O | a ; B | N | b ; C | N |  ; D | N | d",
    "porte": "code_porte | code_porteur ; B | A",
    "groupe": "code | libelle ; G | TD ; H | CEMU",
    "groupe_element": "code_groupe | code_element ; G | A ; H | A ; G | D",
    "groupe_etudiant": "code_groupe | code_etudiant ; G | S1 ; H | S2",
    "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | N ; S2 | O",
    "inscription_pedagogique": "code_etudiant | code_element ; S1 | A ; S3 | B",
    "seance_ade": "code_element | code_enseignant | premiere_seance ; A | T1 | 2026-09-07 ; D | T1 | ",
}
PARTS = ("source", "existing", "owned", "memory")


def archived(run: Run, inputs: Inputs) -> Inputs:
    """These inputs as the next task of the run reads them."""
    for part in PARTS:
        archive.keep(run, part, getattr(inputs, part))
    return replace(inputs, **{part: archive.frames(run, part) for part in PARTS})


def frames_of(thing: Any, where: str) -> dict[str, pd.DataFrame]:
    """All the frames in an object's fields, named by where they are."""
    found: dict[str, pd.DataFrame] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        several = value if isinstance(value, dict) else {"": value}
        found |= {f"{where}.{field.name} {name}": one for name, one in several.items() if isinstance(one, pd.DataFrame)}
    return found


@pytest.fixture(params=[EMPTY, FULL], ids=["almost nothing", "a bit of everything"])
def world(request: pytest.FixtureRequest) -> World:
    return university(**request.param)


@pytest.mark.parametrize("night", ["first", "second"])
def test_every_frame_of_every_phase_has_one_type_of_text(world: World, tmp_path, night: str) -> None:
    if night == "second":
        world.night()
        world.change(element="code | libelle ; A | autre nom", groupe_etudiant="code_groupe | code_etudiant ; G | S3")
    for phase in NIGHT:
        inputs = archived(Run(Store(tmp_path), phase, world.settings.night, "r"), world.inputs(phase))
        with strict_masks():
            draft = PHASES[phase].draft(inputs)
        for name, frame in (frames_of(inputs, phase) | frames_of(draft, f"{phase} draft")).items():
            assert_typed(frame, name)
        world.play(phase)


def test_the_cleaned_views_have_one_type_of_text(world: World) -> None:
    refer, met = clean(world.inputs("enrolments").source, PersonCodes())
    for name, frame in (refer | {"met": met}).items():
        assert_typed(frame, name)


@pytest.mark.parametrize("kind", ["object", "string"])
def test_whatever_type_of_text_a_reader_makes_the_door_gives_one(kind: str) -> None:
    cohorts = tables.frame("cohorts", "id | idnumber | name ; 1 | A | n ; 2 | | m").astype(
        {"idnumber": kind, "name": kind}
    )
    assert_typed(contract.validate("cohorts", cohorts), kind)


@pytest.mark.parametrize("mask", [pd.Series([True, pd.NA], dtype="boolean"), pd.Series([True, None], dtype="object")])
def test_the_watch_over_masks_sees_one_that_holds_na(mask: pd.Series) -> None:
    frame = pd.DataFrame({"code": ["A", "B"]})
    with strict_masks():
        for filtered in (lambda: frame[mask], lambda: frame.loc[mask, "code"], lambda: frame["code"].where(mask)):
            with pytest.raises(AssertionError, match="a mask of dtype"):
                filtered()


@pytest.mark.parametrize("kind", ["object", "string"])
def test_the_watch_over_types_sees_another_type_of_text(kind: str) -> None:
    with pytest.raises(AssertionError, match="ici"):
        assert_typed(pd.DataFrame({"code": pd.Series(["A", None], dtype=kind)}), "ici")
