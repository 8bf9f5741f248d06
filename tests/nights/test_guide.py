"""The steps of docs/exploitation.md, walked on the sandbox one after the other, as the person who runs it would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from campus import Campus, copied, night_after, opened
from older import NOW
from refusals import Unreachable
from test_passage import (  # noqa: F401 (fixtures)
    FREEZE,
    answer,
    asked,
    first_shown,
    kept,
    kept_once,
    limited,
    modes,
    night,
    tables_of_a_year,
)
from test_rehearsed import NOON
from test_undone import undo

from ecampus.errors import ContractBroken, RegisterUnusable
from ecampus.night import adopting, approving, undoing
from ecampus.night.rehearsal import rehearse
from sandbox.moodle import handmade
from university import play

GUIDE = Path(__file__).parents[2] / "docs" / "exploitation.md"
HERE = {
    "La première nuit", "Geler", "Dégeler", "Répéter", "Approuver ce qui est retenu", "Annuler une nuit",
    "Changer d'année", "Changer de plateforme", "Une mauvaise nuit", "Relancer", "Rejouer une nuit passée",
}  # fmt: skip
ELSEWHERE = {
    "Mise en place": "tests/night/test_preflight.py",
    "Qui voit quelle composante": "tests/pages/test_my_composantes.py",
    "Être prévenu": "tests/local/test_mails_in_airflow.py",
    "Adopter": "tests/nights/test_adopted.py",
    "Quand une lecture est refusée": "tests/nights/test_refused_reads.py",
    "Après une restauration": "tests/nights/test_recovered.py",
    "Mettre à jour": "tests/register/test_schema.py",
    "Sauvegarder": "tests/nights/test_recovered.py",
    "Conserver": "tests/store/test_conservation.py",
}
"""Step → where it is walked, case by case."""


def test_the_guide_has_these_steps_and_no_other():
    assert set(re.findall(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)) == HERE | set(ELSEWHERE)
    assert [path for path in ELSEWHERE.values() if not (GUIDE.parents[1] / path).is_file()] == []


@pytest.fixture
def site(first_shown, tmp_path, cron) -> Campus:  # noqa: F811
    with opened(copied(first_shown, tmp_path / "campus"), cron) as campus:
        yield limited(campus)


def test_from_the_first_night_to_a_new_year(site):
    # La première nuit : rien n'est écrit, la question compte ce qui porte déjà un code, on regarde la liste, on approuve.
    assert site.writes() == []
    decision = adopting.Decision("", "", "camille", "", NOW.date())
    listed = adopting.told(decision, site.store, site.systems, NOW)
    assert any("ressemble" in told or "adopt" in told for told in listed)
    answer(site, 0)
    assert modes(night(site, 1)) == ["live"] * 5
    state, rows = site.state(), site.rows()

    # Geler : rien ne change ; répéter : rien non plus.
    site.refer("UPDATE refer_element SET libelle = 'un autre nom' WHERE code = 'L1CAS104'")
    assert modes(night(site, 2, "Gel.")) == ["frozen"] * 5
    assert rehearse(site.store, site.systems, night_after(3), "une", NOON, "Gel.")["state"] == "success"
    assert (site.state(), site.rows()) == (state, rows)

    # Dégeler : approuvé, puis fait.
    answer(site, 2)
    assert modes(night(site, 3)) == ["live"] * 5
    assert name_of(site, "L1CAS104") == "L1CAS104 - un autre nom"

    # Approuver ce qui est retenu.
    site.refer("DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')")
    assert night(site, 4, phases=["offer"])["offer"]["held"] >= 3
    (question,) = [
        found for found in approving.questions(site.register, site.store) if found.name.startswith("archive")
    ]
    approving.answer(site.register, question, True, night_after(4), "camille", "fin de la maquette")
    night(site, 5, phases=["offer"])
    assert archived(site) == 3

    # Annuler une nuit : les cours reviennent, et restent.
    undo(site, "offer", night=night_after(5))
    assert archived(site) == 0
    night(site, 6, phases=["offer"])
    assert archived(site) == 0
    assert undoing.told(site.register)

    # Changer d'année, quand REFER l'a : les cohortes reprennent, l'offre montre, puis fait.
    for table in tables_of_a_year(site):
        site.refer(f"UPDATE {table} SET annee = '2027' WHERE annee = '2026'")
    site.refer("UPDATE refer_element SET libelle = 'de 2027' WHERE code = 'L1CAS104'")
    site.site["annee"] = "2027"
    assert modes(night(site, 7, phases=["cohorts", "offer"])) == ["live", "frozen"]
    assert asked(site).subject == "Première nuit de la nouvelle année"
    answer(site, 7)
    assert modes(night(site, 8, phases=["offer"])) == ["live"]
    assert name_of(site, "L1CAS104") == "L1CAS104 - de 2027"


def test_a_new_platform_takes_an_empty_register_and_leaves_what_teachers_restore(kept, tmp_path, cron):  # noqa: F811
    # L'ancienne plateforme est gelée et gardée.
    before = (kept.state(), kept.owned())
    assert modes(night(kept, 4, FREEZE, ["offer"])) == ["frozen"]

    # La nouvelle : le registre de l'ancienne arrête tout ; avec sa base vide, elle attend d'être approuvée.
    with opened(tmp_path / "neuve", cron) as new:
        new.moodle("UPDATE mdl_config SET value = 'https://moodle2.univ.fr' WHERE name = 'siteurl'")
        restored = "INSERT INTO mdl_course(category, fullname, shortname, idnumber, visible, format, summary)"
        new.moodle(f"{restored} VALUES (1, 'Mon cours de l''an dernier', 'an dernier', '', 1, 'topics', 'à moi')")
        limited(new).server = kept.systems.enrolment_hook()
        with pytest.raises(RegisterUnusable, match=r"^Le registre connaît un Moodle .* ne porte pas sa marque"):
            night(new, 0, phases=["offer"])
        new.server = None
        assert modes(night(new, 0, phases=["offer"])) == ["frozen"]
        answer(new, 0)
        assert modes(night(new, 1, phases=["offer"])) == ["live"]

        # Un enseignant restaure dans deux cours nés d'ecampus, et en ouvre un.
        for code in ("L1CAS104", "L1CAS405"):
            handmade.seed_in(new.box.moodle.db, new.ask("SELECT id FROM mdl_course WHERE idnumber = ?", code))
            new.moodle("UPDATE mdl_course SET summary = 'mon plan de cours' WHERE idnumber = ?", code)
        new.moodle("UPDATE mdl_course SET visible = 1 WHERE idnumber = 'L1CAS405'")
        theirs, courses = handmade.snapshot(new.box.moodle.db), new.state()["courses"]
        new.refer("UPDATE refer_element SET libelle = 'un autre nom' WHERE code = 'L1CAS104'")
        assert modes(night(new, 2, phases=["offer"])) == ["live"]
        assert name_of(new, "L1CAS104") == "L1CAS104 - un autre nom"
        shown = "SELECT summary || visible FROM mdl_course WHERE idnumber = ?"
        assert [new.ask(shown, code) for code in ("L1CAS104", "L1CAS405")] == [
            "mon plan de cours0",
            "mon plan de cours1",
        ]
        assert handmade.snapshot(new.box.moodle.db) == theirs
        assert len(set(courses) - set(new.state()["courses"])) == 1
        assert new.ask("SELECT fullname || visible FROM mdl_course WHERE shortname = 'an dernier'") == (
            "Mon cours de l'an dernier1"
        )

    # L'ancienne n'a pas changé, et se lit encore.
    assert (kept.state(), kept.owned()) == before
    assert kept.run("offer", "nuit4", night_after(4)).files.read_json("report.json")["reason"] == FREEZE


def test_a_bad_night_is_mended_at_the_source_run_again_and_replayed(kept):  # noqa: F811
    # Une mauvaise nuit : la phrase dit quoi, rien n'est écrit.
    kept.refer("UPDATE refer_element SET libelle = 'un autre nom' WHERE code = 'L1CAS104'")
    kept.refer("ALTER TABLE refer_element RENAME COLUMN a_distance TO distance")
    before = kept.state()
    with pytest.raises(ContractBroken, match=r"a_distance"):
        night(kept, 4, phases=["offer"])
    assert (kept.writes(), kept.state()) == ([], before)

    # Relancer : la source corrigée, la même nuit fait tout.
    kept.refer("ALTER TABLE refer_element RENAME COLUMN distance TO a_distance")
    assert modes(night(kept, 4, phases=["offer"])) == ["live"]
    assert name_of(kept, "L1CAS104") == "L1CAS104 - un autre nom"
    state = kept.state()

    # Rejouer : le même plan, d'après l'archive, sans aucune connexion ; relancer encore : rien n'est refait.
    replay = kept.run("offer", "rejeu", night_after(4), replay=True)
    assert play(replay, Unreachable())["replay"] is True
    done = kept.run("offer", "nuit4", night_after(4))
    assert replay.files.read_json("plan.json") == done.files.read_json("plan.json")
    assert kept.play("offer", "encore", night_after(4))["counts"] == {}
    assert kept.state() == state


def name_of(campus: Campus, code: str) -> str:
    return campus.ask("SELECT fullname FROM mdl_course WHERE idnumber = ?", code)


def archived(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")
