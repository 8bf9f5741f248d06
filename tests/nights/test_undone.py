"""A night undone: as before but for what cannot come back, still so two nights later, and done again once released."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campus import Campus, copied, night_after, opened

from ecampus.calendar import PHASES, Frozen
from ecampus.errors import AnswerRefused, NightRefused, SettingUnreadable
from ecampus.limits import Limits
from ecampus.night import approving, undoing
from ecampus.night.undoing import Preview, Undoing
from ecampus.store import opening
from ecampus.store.files import REHEARSALS, Run, Store

NIGHT, LATER = night_after(2), night_after(3)
STATES = "states.json"


def live() -> None:
    """Nothing forbids to write."""


def shown(campus: Campus, phases: str = "", night=NIGHT, name: str = "annulation") -> tuple[Undoing, Preview]:
    asked = Undoing.of(str(night), phases, name)
    return asked, undoing.preview(campus.store, campus.systems, asked, night)


def undo(campus: Campus, phases: str = "", night=NIGHT, name: str = "annulation", may=live) -> dict[str, Any]:
    """Shown, approved, done; the reports by phase."""
    asked, found = shown(campus, phases, night, name)
    undoing.decide(campus.register, asked, found.digest, True, night, "camille", "mauvais extrait")
    undoing.require_approved(campus.register, campus.store, asked)
    made = {
        phase: undoing.undo(campus.store, campus.systems, asked, phase, night, may) for phase in asked.phases
    }  # fmt: skip
    campus.box.moodle.sync()
    return made


def of_json(state: Any) -> Any:
    """A state as JSON gives it back."""
    return json.loads(json.dumps(state))


def kept(campus: Campus) -> dict[str, Any]:
    return json.loads((campus.folder / STATES).read_text())


def differences(before: Any, after: Any) -> dict[str, tuple[list[Any], list[Any]]]:
    """By part of the state, what is gone and what has come."""
    found = {}
    for part, rows in of_json(before).items():
        then = of_json(after)[part]
        gone, come = [row for row in rows if row not in then], [row for row in then if row not in rows]
        if gone or come:
            found[part] = (gone, come)
    return found


@pytest.fixture(scope="session")
def undone_night(played, cron, second_night) -> Path:
    """The night of every verb, undone whole; ``states.json``: before it, after it, and once it is undone."""

    def play(folder: Path) -> None:
        with opened(copied(second_night, folder / "campus"), cron) as campus:
            campus.box.moodle.sync()
            states = {"before": campus.state()}
            campus.night("nuit", NIGHT)
            states["after"] = campus.state()
            reports = undo(campus)
            states |= {"undone": campus.state(), "lost": [told for made in reports.values() for told in made["lost"]]}
            (campus.folder / STATES).write_text(json.dumps(states))

    return played(play) / "campus"


@pytest.fixture
def undone(undone_night, tmp_path, cron):
    with opened(copied(undone_night, tmp_path / "campus"), cron) as campus:
        yield campus


def test_all_is_as_before_but_for_what_cannot_come_back(undone):
    states = kept(undone)
    found = differences(states["before"], states["undone"])
    assert set(found) == {"accounts", "categories", "courses", "cohorts", "groups", "group_members", "enrolments"}
    deleted = [
        ["L1MAT201", "L1MAT104-TD1"], ["L1MAT201", "L1MAT104-TD2"], ["L3MAT104", "L3MAT104-TD2"], ["M1MAT203", "L2MAT201-CM"],
    ]  # fmt: skip
    assert found["accounts"][0] == []
    assert [(name, suspended) for name, _, suspended, *_ in found["accounts"][1]] == [
        ("e2100198", 1), ("e2100199", 1), ("e2100200", 1), ("p0041014", 1),
    ]  # fmt: skip
    assert [row[0] for row in found["categories"][0]] == ["PREP1"]
    assert found["categories"][1] == []
    assert [row[0] for row in found["courses"][1]] == ["ex_L2MAT902"]
    assert found["courses"][0] == []
    assert [row[0] for row in found["cohorts"][1]] == ["DU002_1"]
    assert found["cohorts"][0] == []
    assert [row[:2] for row in found["groups"][0]] == deleted
    assert [row[:2] for row in found["groups"][1]] == [
        ["L1MAT901", "ex_L2MAT101-TD1"], ["L1MAT901", "ex_L2MAT101-TD2"], ["L3MAT103", "ex_L3MAT103-TD12"],
        ["L3MAT202", "ex_L1MAT104-TD1"], ["L3MAT202", "ex_L1MAT104-TD2"], ["ex_L2MAT902", "ex_L2MAT902-TD1"],
    ]  # fmt: skip
    assert found["group_members"] == ([row for row in states["before"]["group_members"] if row[:2] in deleted], [])
    assert found["enrolments"][0] == []
    assert {tuple(row[1::2]) for row in found["enrolments"][1]} == {("database", 1)}, "suspended, without a role"


def test_what_does_not_come_back_is_told(undone):
    deleted = "(ce qui est supprimé ne revient pas ; une nuit le créera de nouveau, vide, si REFER le demande)."
    assert sorted(kept(undone)["lost"]) == [
        f"Ne revient pas : catégorie supprimée : PREP1 - préparation de la rentrée, volet 1 {deleted}",
        "Ne revient pas : cohorte créée : DU002_1 - diplôme d'université n° 2 (elle reste, vidée de ceux que cette nuit y"
        " a mis : des espaces faits à la main peuvent s'en servir).",
        "Ne revient pas : groupe supprimé : L1MAT201 / L1MAT104-TD1 « TD1 équations différentielles (salle"
        f" informatique) » {deleted}",
        f"Ne revient pas : groupe supprimé : L1MAT201 / L1MAT104-TD2 « TD2 équations différentielles » {deleted}",
        f"Ne revient pas : groupe supprimé : L3MAT104 / L3MAT104-TD2 « TD2 algèbre linéaire 3 » {deleted}",
        f"Ne revient pas : groupe supprimé : M1MAT203 / L2MAT201-CM « CM analyse réelle 2 » {deleted}",
    ]


def test_two_nights_later_it_is_still_undone_and_released_it_is_done_again(undone):
    states = kept(undone)
    for days, phases in ((3, PHASES), (4, ("offer",))):
        reports = undone.night("apres", night_after(days), phases)
        assert undone.writes() == []
        assert all(made["held"] for made in reports.values())
    assert of_json(undone.state()) == states["undone"]
    assert approving.questions(undone.register, undone.store) == []
    assert undoing.release(undone.register, NIGHT, night_after(5), "camille", "") == 210
    assert undoing.told(undone.register) == []
    undone.night("libere", night_after(5))
    assert of_json(undone.state()) == states["after"]
    undone.night("calme", night_after(6), ["offer"])
    assert undone.writes() == []


def test_undone_twice_there_is_nothing_left_to_undo(undone):
    _, found = shown(undone, name="encore")
    assert found.changes == 0


GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"
RENAMED = "UPDATE refer_element SET libelle = 'autre nom' WHERE code IN ('L1CAS104', 'L1CAS105', 'L1CAS106')"
NAMES = "SELECT fullname FROM mdl_course WHERE idnumber = ?"


@pytest.fixture(scope="session")
def offer_played(played, cron, first_night) -> Path:
    """After a night that archived three courses and renamed three."""

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            campus.refer(GONE)
            campus.refer(RENAMED)
            campus.play("offer", "nuit", NIGHT)

    return played(play) / "campus"


@pytest.fixture
def offer(offer_played, tmp_path, cron) -> Iterator[Campus]:
    """The same, apart."""
    with opened(copied(offer_played, tmp_path / "campus"), cron) as campus:
        yield campus


def archived(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")


def renamed(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE fullname LIKE '%autre nom'")


def test_one_phase_is_undone_alone_and_stays_so(offer):
    offer.play("cohorts", "nuit", NIGHT)
    made = undo(offer, "offer")
    assert made["offer"]["counts"]["course"] == {"rename": 3, "restore": 3}
    assert (archived(offer), renamed(offer)) == (0, 0)
    report = offer.play("offer", "apres", LATER)
    assert (archived(offer), renamed(offer)) == (0, 0)
    assert report["questions"] == [
        "Annulé, reste annulé : 3 cours à renommer, 3 cours à archiver ; la nuit du 25 novembre 2026 avait fait cela,"
        " elle a été annulée par camille. Pour le refaire : « make undo RELEASE=2026-11-25 », ou « Annuler une"
        " nuit » avec « release »."
    ]
    assert undoing.told(offer.register) == [
        "Nuit du 25 novembre 2026 : offre de formation 6. Pour les refaire : « make undo RELEASE=2026-11-25 », ou"
        " « Annuler une nuit » avec « release »."
    ]
    assert ("undone", 6, "camille", "mauvais extrait") in offer.table_of(
        "SELECT state, units, who, why FROM ecampus_answer"
    )


def test_what_the_source_wants_otherwise_since_is_done_again(offer):
    undo(offer, "offer")
    offer.refer("UPDATE refer_element SET libelle = 'corrigé' WHERE code = 'L1CAS104'")
    offer.play("offer", "apres", LATER)
    assert offer.ask(NAMES, "L1CAS104") == "L1CAS104 - corrigé"
    assert renamed(offer) == 0


def test_what_somebody_did_by_hand_in_the_meantime_is_left_before_and_after(offer):
    offer.moodle("UPDATE mdl_course SET fullname = 'à moi' WHERE idnumber = 'L1CAS105'")
    made = undo(offer, "offer")
    assert [told for told in made["offer"]["lost"] if "L1CAS105" in told] == [
        "Ne revient pas : cours renommé : L1CAS105 - autre nom (s'appelait « L1CAS105 - certification en anglais »)"
        " (quelqu'un l'a changé depuis : il reste tel quel)."
    ]
    assert offer.ask(NAMES, "L1CAS105") == "à moi"
    offer.moodle("UPDATE mdl_course SET fullname = 'à moi aussi' WHERE idnumber = 'L1CAS104'")
    offer.play("offer", "apres", LATER)
    assert offer.ask(NAMES, "L1CAS104") == "à moi aussi"


@pytest.mark.parametrize("writes", [2, 3, 4])
def test_killed_in_the_middle_and_run_again_it_ends_in_the_same_state(offer, writes):
    calls = iter(range(writes))

    def dying() -> None:
        if next(calls, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(offer, "offer", may=dying)
    undo(offer, "offer", name="encore")
    assert (archived(offer), renamed(offer)) == (0, 0)
    offer.play("offer", "apres", LATER)
    assert (archived(offer), renamed(offer)) == (0, 0)


def test_killed_and_never_run_again_no_night_does_it_again(offer):
    calls = iter(range(4))

    def dying() -> None:
        if next(calls, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(offer, "offer", may=dying)
    then = (archived(offer), renamed(offer))
    offer.play("offer", "apres", LATER)
    assert (archived(offer), renamed(offer)) == then


def in_category(campus: Campus, code: str) -> int:
    return campus.ask(
        "SELECT COUNT(*) FROM mdl_course c JOIN mdl_course_categories k ON k.id = c.category WHERE k.idnumber = ?", code
    )


def test_what_passes_a_limit_waits_and_is_undone_once_it_is_approved(campus):
    campus.refer("UPDATE refer_element SET code_categorie = 'MCAS2_1' WHERE code_categorie = 'LCAS1_1'")
    campus.play("offer", "nuit", NIGHT)
    moved = in_category(campus, "MCAS2_1")
    campus.limits = Limits()
    made = undo(campus, "offer")
    assert made["offer"]["held"] >= 3
    assert made["offer"]["counts"] == {}
    campus.play("offer", "apres", LATER)
    (question,) = approving.questions(campus.register, campus.store)
    assert question.phase == "undo/offer"
    assert question.subject.startswith("Annulation, offre de formation : ")
    assert question.told.endswith(" Une fois approuvé, annuler à nouveau la même nuit.")
    approving.answer(campus.register, question, True, NIGHT, "dominique", "")
    made = undo(campus, "offer", name="encore")
    assert made["offer"]["held"] == 0
    assert made["offer"]["counts"]["course"]["move"] >= 3
    assert in_category(campus, "MCAS2_1") == moved - made["offer"]["counts"]["course"]["move"]


def test_frozen_nothing_is_undone(offer):
    asked, _ = shown(offer, "offer")
    before = offer.state()

    def frozen() -> None:
        raise Frozen("Gel.")

    with pytest.raises(Frozen):
        undoing.undo(offer.store, offer.systems, asked, "offer", NIGHT, frozen)
    assert offer.state() == before


def test_showing_writes_nothing_and_nothing_is_undone_that_nobody_approved(offer):
    before, decided = offer.state(), offer.table_of("SELECT * FROM ecampus_decision")
    offer.box.moodle.calls.clear()
    asked, found = shown(offer, "offer")
    assert (offer.writes(), offer.state()) == ([], before)
    assert offer.table_of("SELECT * FROM ecampus_decision") == decided
    imagined = Run(Store(offer.store.root / REHEARSALS / asked.name), "offer", NIGHT, asked.name)
    assert opening.read(imagined).moodle == offer.box.moodle.url
    with pytest.raises(AnswerRefused):
        undoing.require_approved(offer.register, offer.store, asked)
    undoing.decide(offer.register, asked, found.digest, False, NIGHT, "camille", "")
    with pytest.raises(AnswerRefused) as refused:
        undoing.require_approved(offer.register, offer.store, asked)
    assert str(refused.value) == (
        "Personne n'a approuvé l'annulation de la nuit du 25 novembre 2026 telle qu'elle est : rien n'est fait."
    )


def test_a_run_of_that_night_since_asks_for_another_approval(offer):
    asked, found = shown(offer, "offer")
    undoing.decide(offer.register, asked, found.digest, True, NIGHT, "camille", "")
    offer.refer("UPDATE refer_element SET libelle = 'encore' WHERE code = 'L1CAS107'")
    offer.play("offer", "relancee", NIGHT)
    with pytest.raises(AnswerRefused):
        undoing.require_approved(offer.register, offer.store, asked)


def test_a_night_that_wrote_nothing_cannot_be_undone(campus):
    with pytest.raises(NightRefused) as refused:
        shown(campus, "offer groups", night_after(9))
    assert str(refused.value) == (
        "La nuit du 2 décembre 2026 n'a rien écrit (offre de formation, groupes), ou ses journaux ne sont plus gardés :"
        " il n'y a rien à annuler."
    )


def test_what_is_asked_is_a_night_and_names_of_phases():
    assert Undoing.of("2026-11-25", "", "x").phases == ("users", "enrolments", "groups", "offer", "cohorts")
    assert Undoing.of("2026-11-25", "cohorts, users", "x").phases == ("users", "cohorts")
    with pytest.raises(SettingUnreadable, match="« hier » n'est pas une nuit"):
        Undoing.of("hier", "", "x")
    with pytest.raises(SettingUnreadable, match="« offre » n'est pas un traitement"):
        Undoing.of("2026-11-25", "offre", "x")
