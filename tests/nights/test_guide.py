"""The steps of docs/exploitation.md, walked on the sandbox one after the other, as the person who runs it would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from campus import Campus, copied, night_after, opened
from older import NOW
from test_passage import answer, asked, first_shown, limited, modes, night  # noqa: F401 (a fixture)
from test_rehearsed import NOON
from test_undone import undo

from ecampus.night import adopting, approving, undoing
from ecampus.night.rehearsal import rehearse

GUIDE = Path(__file__).parents[2] / "docs" / "exploitation.md"
WALKED = {
    "La première nuit", "Geler", "Dégeler", "Répéter", "Approuver ce qui est retenu", "Annuler une nuit",
    "Changer d'année", "Changer de plateforme", "Adopter", "Après une restauration",
}  # fmt: skip
"""«Adopter» and «Après une restauration» are walked in test_adopted and test_recovered, case by case."""


def test_the_guide_has_these_steps_and_no_other():
    assert set(re.findall(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)) == WALKED


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

    # Changer d'année : l'offre montre, puis fait.
    site.site["annee"] = "2027"
    assert modes(night(site, 7, phases=["offer"])) == ["frozen"]
    assert asked(site).subject == "Première nuit de la nouvelle année"


def test_a_new_platform_takes_an_empty_register_and_leaves_what_teachers_restore(site, tmp_path, cron):
    # L'ancienne plateforme est gelée et gardée ; la nouvelle a sa base vide, et attend d'être approuvée.
    with opened(tmp_path / "neuve", cron) as new:
        new.moodle("UPDATE mdl_config SET value = 'https://moodle2.univ.fr' WHERE name = 'siteurl'")
        restored = "INSERT INTO mdl_course(category, fullname, shortname, idnumber, visible, format, summary)"
        new.moodle(f"{restored} VALUES (1, 'Mon cours de l''an dernier', 'an dernier', '', 1, 'topics', 'à moi')")
        limited(new)
        assert modes(night(new, 0, phases=["users", "cohorts", "offer"])) == ["frozen"] * 3
        answer(new, 0)
        assert modes(night(new, 1, phases=["users", "cohorts", "offer"])) == ["live"] * 3
        assert new.ask("SELECT fullname || visible FROM mdl_course WHERE shortname = 'an dernier'") == (
            "Mon cours de l'an dernier1"
        )
        assert new.ask("SELECT MAX(visible) FROM mdl_course WHERE idnumber = 'L1CAS104'") == 0


def name_of(campus: Campus, code: str) -> str:
    return campus.ask("SELECT fullname FROM mdl_course WHERE idnumber = ?", code)


def archived(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")
