"""A night that holds something back: the rest is done, people decide, exactly what they approved is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campus import Campus, night_after
from refusals import TOMORROW

from ecampus.errors import AnswerRefused
from ecampus.limits import Limits
from ecampus.night import approving, reconcile
from ecampus.night.question import Question
from ecampus.store import opening
from university import UNLIMITED, prepare

GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"
LATER = night_after(2)


@pytest.fixture
def held(campus) -> Campus:
    """Three elements left REFER: more than two courses in a hundred, which the limits hold."""
    campus.limits = Limits()
    campus.refer(GONE)
    campus.refer("UPDATE refer_element SET libelle = 'autre nom' WHERE code = 'L1CAS104'")
    campus.play("offer", "tenue", TOMORROW)
    return campus


def asked(campus: Campus) -> list[Question]:
    return approving.questions(campus.register, campus.store)


def said(campus: Campus, approved: bool, night=TOMORROW) -> int:
    (question,) = asked(campus)
    return approving.answer(campus.register, question, approved, night, "camille", "vu avec la scolarité")


def archived(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")


def approved_run(campus: Campus, run_id: str = "approuvee", night=TOMORROW):
    """The run that ``ecampus_approve`` starts: what people approved, and nothing else."""
    run = campus.run("offer", run_id, night)
    prepare(run, campus.systems, only_approved=True)
    reconcile.apply(run, campus.systems, lambda: None)
    reconcile.verify(run, campus.systems)
    reconcile.report(run, "success", None)
    return run.files.read_json("report.json")


def test_what_is_not_held_is_done_and_what_is_held_is_told_with_its_way_out(held):
    assert archived(held) == 0
    assert held.ask("SELECT fullname FROM mdl_course WHERE idnumber = 'L1CAS104'") == "L1CAS104 - autre nom"
    report = held.run("offer", "tenue", TOMORROW).files.read_json("report.json")
    assert report["state"] == "success"
    assert report["counts"] == {"course": {"rename": 1}}
    assert report["questions"] == [
        "Retenu depuis le 24 novembre 2026 : 3 cours à archiver (composante SCIENCES) : 3 en sept nuits sur 72 cours, la"
        " limite est de 2 % et de 40. Décider : « make approve », ou la question de « Décisions (06h15) » dans Airflow."
    ]


def test_the_question_shows_what_it_is_about(held):
    (question,) = asked(held)
    assert (question.phase, question.units, question.since) == ("offer", 3, "2026-11-24")
    assert question.subject == "Offre de formation : 3 cours à archiver (composante SCIENCES)"
    assert question.lines[0].startswith("Cours à archiver : L1CAS101")
    assert len(question.lines) == 3


def test_of_many_changes_twenty_are_shown_and_the_report_of_the_night_has_them_all(campus):
    campus.limits = Limits()
    campus.refer("DELETE FROM refer_element WHERE code LIKE 'L1%'")
    campus.play("offer", "tenue", TOMORROW)
    question = next(found for found in asked(campus) if "à archiver" in found.subject)
    report = campus.run("offer", "tenue", TOMORROW).folder / "report.html"
    assert len(question.lines) == 21
    assert question.lines[20] == f"… et {question.units - 20} de plus, dans le rapport de la nuit : {report}"
    assert report.read_text().count("Cours à archiver") == question.units


def test_the_next_night_holds_it_still_and_asks_the_same_question(held):
    (before,) = asked(held)
    held.play("offer", "encore", LATER)
    assert archived(held) == 0
    assert asked(held) == [before]


def test_approved_it_is_done_by_a_run_that_does_nothing_else(held):
    assert said(held, approved=True) == 3
    held.refer("UPDATE refer_element SET libelle = 'encore un autre' WHERE code = 'L1CAS105'")
    report = approved_run(held)
    assert archived(held) == 3
    assert report["counts"]["course"] == {"archive": 3}
    assert held.ask("SELECT fullname FROM mdl_course WHERE idnumber = 'L1CAS105'") != "L1CAS105 - encore un autre"
    held.play("offer", "apres", LATER)
    assert asked(held) == []
    assert held.table_of("SELECT state, units, who, why FROM ecampus_answer") == [
        ("approved", 3, "camille", "vu avec la scolarité")
    ]


def test_once_it_is_done_the_next_night_is_quiet(held):
    said(held, approved=True)
    approved_run(held)
    assert [made["counts"] for made in held.night("apres", LATER).values()] == [{}] * 5
    assert held.writes() == []


def test_approved_it_is_done_by_the_next_night_too_and_counts_for_no_limit_after(held):
    said(held, approved=True)
    held.play("offer", "suite", LATER)
    assert archived(held) == 3
    assert held.table_of("SELECT * FROM ecampus_done WHERE breaker = 'archive_course'") == []


def test_what_changed_since_it_was_asked_is_not_done(held):
    said(held, approved=True)
    held.moodle("UPDATE mdl_course SET fullname = 'à moi' WHERE idnumber = 'L1CAS102'")
    approved_run(held)
    assert archived(held) == 2


def test_what_came_back_since_is_not_done(held):
    said(held, approved=True)
    held.refer("INSERT INTO refer_element SELECT annee, 'L1CAS101', libelle, code_categorie, a_distance"
               " FROM refer_element WHERE code = 'L1CAS104'")  # fmt: skip
    approved_run(held)
    assert archived(held) == 2


def test_refused_it_stays_and_is_not_asked_again_for_thirty_nights(held):
    said(held, approved=False)
    report = held.play("offer", "refusee", LATER)
    assert archived(held) == 0
    assert asked(held) == []
    assert report["questions"] == [
        "Refusé par camille : 3 cours à archiver (composante SCIENCES). Rien de cela n'est fait ; la question sera reposée après trente nuits."
    ]
    held.limits = UNLIMITED
    held.play("offer", "plus-tard", TOMORROW + timedelta(days=31))
    assert archived(held) == 0
    assert len(asked(held)) == 1


def test_an_answer_to_another_question_than_the_one_shown_is_refused(held):
    (shown,) = asked(held)
    held.refer("DELETE FROM refer_element WHERE code = 'L1CAS106'")
    held.play("offer", "grandie", LATER)
    with pytest.raises(AnswerRefused) as refused:
        approving.answer(held.register, shown, True, LATER, "camille", "")
    assert str(refused.value) == (
        "« Offre de formation : 3 cours à archiver (composante SCIENCES) » n'est plus ce qui vous a été montré : une nuit"
        " est passée depuis, ou quelqu'un a déjà répondu ; relire la question et répondre à nouveau."
    )


def test_a_store_that_is_lost_still_lets_people_answer(held):
    (held.store.root / "2026-11-24").rename(held.store.root / "perdu")
    (question,) = asked(held)
    assert question.told == (
        "Offre de formation : 3 changements retenus (archive_course) ; le magasin des nuits ne les montre plus."
    )
    assert said(held, approved=True) == 3


def test_a_good_night_that_cannot_be_read_any_more_is_as_lost_and_stops_nothing(campus):
    campus.limits = Limits()
    for path in (campus.store.root / "2026-11-23" / "offer").glob("*/source/element.parquet"):
        path.write_bytes(b"PAR1")
    campus.refer("DELETE FROM refer_element")
    before = campus.state()
    report = campus.play("offer", "abimee", TOMORROW)
    assert (report["state"], campus.state()) == ("success", before)
    assert report["held"] > 20


def test_a_run_opened_before_there_were_limits_has_those_of_the_catalogue(held):
    run = held.run("offer", "tenue", TOMORROW)
    older = run.files.read_json("run.json")
    run.files.write_json("run.json", {name: older[name] for name in older if name not in ("limits", "only_approved")})
    assert (opening.read(run).limits, opening.read(run).only_approved) == (Limits(), False)


def test_a_run_killed_after_its_first_write_resumes_without_what_is_held(campus):
    campus.limits = Limits()
    campus.refer(GONE)
    campus.refer("UPDATE refer_categorie SET libelle = 'autre rayon' WHERE code = 'LCAS1_1'")
    campus.refer("UPDATE refer_element SET libelle = 'autre nom' WHERE code IN ('L1CAS104', 'L1CAS105')")
    run = campus.prepared("offer", "tuee", TOMORROW)
    calls = iter([None, None])

    def live() -> None:
        if next(calls, "tuée") == "tuée":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reconcile.apply(run, campus.systems, live)
    (question,) = asked(campus)
    assert any("L1CAS101" in line for line in question.lines)
    reconcile.apply(run, campus.systems, lambda: None)
    assert archived(campus) == 0
    assert campus.ask("SELECT COUNT(*) FROM mdl_course WHERE fullname LIKE '%autre nom'") == 2


def test_what_is_shown_is_what_is_asked_whatever_a_later_run_saw_that_stopped_before_its_writes(held):
    before = asked(held)
    held.refer("INSERT INTO refer_element VALUES ('2026', 'L1CAS101', 'de retour', 'LCAS1_1', 'N')")
    held.prepared("offer", "arretee", LATER)
    assert asked(held) == before


def test_a_frozen_run_asks_nothing(campus):
    campus.limits = Limits()
    campus.refer(GONE)
    run = campus.run("offer", "gelee", TOMORROW)
    prepare(run, campus.systems)
    assert opening.read(run).limits == Limits()
    assert len(run.files.read_frame("questions.parquet")) == 1
    assert asked(campus) == []
