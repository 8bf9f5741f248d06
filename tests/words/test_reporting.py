"""What staff read of a phase, by exact string; and no person's name anywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import tables
from ecampus.calendar import Freeze
from ecampus.changes import plan
from ecampus.changes.draft import Settings
from ecampus.errors import StoreUnusable
from ecampus.night import reports
from ecampus.store import opening
from ecampus.store.files import Run, Store
from ecampus.words import anomalies, reporting
from world import university


def text(sentence: str) -> str:
    """Figures are written with no-break spaces."""
    return sentence.replace("~", "\u00a0")


def entries(*outcomes: str) -> pd.DataFrame:
    """A journal of course creations with these outcomes."""
    rows = pd.DataFrame({"key": [f"L{n}" for n in range(len(outcomes))]})
    made = plan.changes("course", "create", rows, key="key", name="key", after={"category_code": "key"})
    return made.assign(outcome=list(outcomes), message=["" if o == "done" else "shortname pris" for o in outcomes])


def test_the_plan_is_told_with_what_does_not_change():
    counts, same = {"course": {"create": 2, "archive": 1}}, {"category": 12, "course": 1640}
    assert reporting.planned(counts, same) == text(
        "Plan : 2 cours à créer, 1 cours à archiver. Inchangés : 12 catégories, 1~640 cours."
    )
    assert reporting.planned({}, {}) == "Plan : aucun changement. Inchangés : rien."


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (["done", "done"], "Écrit : 2 cours créés."),
        ([], "Écrit : aucun changement."),
        (["done", "failed"], "Écrit : 1 cours créé. Refusés par ecampus : 1."),
        (
            ["failed", "put_off", "put_off"],
            "Écrit : aucun changement. Refusés par ecampus : 1. Remis à une autre nuit : 2.",
        ),
    ],
)
def test_what_was_written_is_told_with_what_was_not(outcomes, told):
    assert reports.written(entries(*outcomes)) == told


@pytest.mark.parametrize(
    ("late", "unverifiable", "staying", "told"),
    [
        (0, 0, 0, "."),
        (2, 0, 0, " ; pas encore prises, gardées et revérifiées la nuit prochaine : 2."),
        (0, 3, 0, " ; retraits invérifiables, cachés par une autre inscription : 3."),
        (0, 0, 4, " ; retraits pas encore faits, revérifiés la nuit prochaine : 4."),
    ],
)
def test_what_moodle_took_is_told(late, unverifiable, staying, told):
    assert reporting.taken(1200, late, staying, unverifiable) == text(f"Inscriptions prises par ecampus : 1~200{told}")


CONTACT = ("pôle plateforme", "https://aide.univ.example/?a=1&b=2")


def document(state: str = "success", reason: str | None = None, journal: pd.DataFrame | None = None, **known):
    whole = {
        "read": {"category": 4, "course": 1200},
        "unchanged": {"course": 1198},
        "counts": {"course": {"create": 2}},
        "waiting": 0,
    } | known
    notes = pd.DataFrame({"code": ["CODE_PRIS", "CODE_PRIS", "CATEGORIE_INCONNUE"]})
    written = entries("done", "failed") if journal is None else journal
    run = Run(Store(Path("nuits")), "offer", tables.NIGHT, "run")
    left = reports.left(PLANNED, written) if state == "stopped" else plan.empty()
    made = reports.document(run, state, reason, whole, written, left, notes)
    return made | reports.waits(run, plan.empty()) | {"contact": CONTACT[0], "contact_link": CONTACT[1]}


PLANNED = entries("done", "done", "done")[plan.COLUMNS]
"""Three courses to create."""


def test_the_summary_of_a_night_that_succeeded():
    assert reporting.summary(document(waiting=3)) == text(
        """Offre de formation, nuit du 23 novembre 2026 : réussi.
Lus : 1~204. Inchangés : 1~198.
Écrit : 1 cours créé.
Refusés par ecampus : 1.
En attente d'inscription avant d'entrer dans leur groupe : 3.
Anomalies : CODE_PRIS 2, CATEGORIE_INCONNUE 1.
Rapport complet : nuits/2026-11-23/offer/run/report.html"""
    )


def test_the_summary_of_a_night_that_failed_says_why():
    made = document("failed", "REFER ne répond pas.", entries()) | {"planned": {}, "anomalies": {}}
    assert reporting.summary(made).splitlines()[:4] == [
        "Offre de formation, nuit du 23 novembre 2026 : échec.", "REFER ne répond pas.",
        text("Lus : 1~204. Inchangés : 1~198."), "Écrit : aucun changement.",
    ]  # fmt: skip
    assert "Anomalies : aucune." in reporting.summary(made)


def test_the_summary_of_a_night_that_was_not_allowed_to_write_says_what_it_would_do():
    assert "Rien n'a été écrit ; à faire : 2 cours à créer." in reporting.summary(document(journal=entries()))
    held = document(journal=entries()) | {"held": 1}
    assert "Rien n'a été écrit ; à faire : 2 cours à créer, dont 1 changement retenu." in reporting.summary(held)


def test_the_forecast_of_the_night_ends_what_waits():
    told = "Prévision, offre de formation. Serait retenu : 12 cours à archiver."
    made = document() | {"questions": ["Retenu."], "forecast": [told]}
    assert reporting.summary(made).splitlines()[4:6] == ["Retenu.", told]


@pytest.mark.parametrize(
    ("done", "told"),
    [(1, "Gelé après 1 changement. "), (50, "Gelé après 50 changements. "), (1200, "Gelé après 1~200 changements. ")],
)
def test_a_freeze_that_begins_on_the_way_says_after_how_many_changes_and_never_that_nothing_was_written(done, told):
    reason = Freeze.parse("2026-06-20/2026-09-01").reason(date(2026, 7, 1))
    assert reporting.stopped("Gelé", done, reason) == text(
        f"{told}Gel du 20 juin 2026 au 1er septembre 2026 inclus : plus rien n'est écrit dans ecampus avant le"
        " 2 septembre 2026."
    )


def test_the_summary_and_the_page_of_a_phase_that_a_freeze_stopped_list_what_is_left():
    journal = entries("done")
    made = document("stopped", "Gelé après 1 changement. Gel : plus rien n'est écrit dans ecampus.", journal)
    assert reporting.summary(made).splitlines()[:5] == [
        "Offre de formation, nuit du 23 novembre 2026 : gelé en route.",
        "Gelé après 1 changement. Gel : plus rien n'est écrit dans ecampus.",
        text("Lus : 1~204. Inchangés : 1~198."),
        "Écrit : 1 cours créé.",
        "Reste à faire : 2 cours à créer.",
    ]
    left = reports.left(PLANNED, journal).assign(outcome="left", message="")
    shown = pd.concat([journal, left], ignore_index=True)
    page = reporting.page(made, shown, anomalies.none().assign(first_night=""), pd.DataFrame())
    assert "Gelé en route. Gelé après 1 changement." in page
    assert "Reste à faire : 2 cours à créer." in page
    assert page.count("<td>reste à faire</td>") == 2


def test_what_was_not_computed_is_said_so_and_is_never_zero_nor_none(tmp_path):
    run = Run(Store(tmp_path), "offer", tables.NIGHT, "run")
    settings = Settings(annee="2026", night=tables.NIGHT, contact="pôle", contact_link="https://aide.univ.example")
    opening.keep(run, opening.Opening(tables.NIGHT, "live", settings=settings))
    made = reports.write(run, "failed", "Moodle répond une erreur 500.", reports.told(run))
    assert reporting.summary(made).splitlines()[:5] == [
        "Offre de formation, nuit du 23 novembre 2026 : échec.",
        "Moodle répond une erreur 500.",
        "Lus : non calculés. Inchangés : non calculés.",
        "Écrit : aucun changement.",
        "Anomalies : non calculées.",
    ]
    assert (made["contact"], made["contact_link"]) == ("pôle", "https://aide.univ.example")
    page = (run.folder / "report.html").read_text()
    assert "Lus : non calculés. Inchangés : non calculés. Prévu : non calculé." in page
    assert "<h2>Anomalies</h2>\n<p>Non calculées.</p>" in page
    assert "<p>Non calculés.</p>" in page
    assert "aucune" not in page.lower()


def test_the_figures_of_an_earlier_attempt_are_not_those_of_one_that_read_nothing(tmp_path):
    run = Run(Store(tmp_path), "offer", tables.NIGHT, "run")
    run.files.write_json("plan.json", {"read": {"course": 9}, "unchanged": {}, "counts": {}, "waiting": 0})
    opening.forget_computed(run)
    assert reports.write(run, "failed", "Moodle répond une erreur 500.", reports.told(run))["read"] is None


def test_a_report_that_the_store_refuses_is_told_in_the_log(tmp_path, monkeypatch, caplog):
    run = Run(Store(tmp_path), "offer", tables.NIGHT, "run")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with caplog.at_level("INFO"), pytest.raises(StoreUnusable, match="No space left on device"):
        reports.write(run, "failed", "Le disque est plein.", reports.told(run))
    assert caplog.messages[-1].splitlines()[2:] == [
        "Lus : non calculés. Inchangés : non calculés.",
        "Écrit : aucun changement.",
        "Anomalies : non calculées.",
        "Rapport complet : non écrit",
    ]


def test_the_page_tells_codes_and_sentences_and_never_a_name():
    world = university(people="code | sn | given_name | mail ; S1 | Dupont | Zoé | zoe@univ.fr ; S2 | Durand | Yves | ")
    world.play("users")
    world.change(
        people="code | uid | sn | given_name | mail ; S1 | neuf | Martin | Zoé | z2@univ.fr ; S2 | es2 | Petit | Yves | "
    )
    draft = world.draft("users")
    notes = draft.anomalies.assign(first_night="2026-11-23")
    journal = draft.changes.assign(outcome="failed", message="adresse refusée")
    page = reporting.page(document(journal=journal), journal, notes, pd.DataFrame())
    assert "Compte à mettre à jour : neuf (nom, courriel)" in page
    assert "EMAIL_ABSENT" in page
    assert "adresse refusée" in page
    for secret in ("Dupont", "Durand", "Martin", "Petit", "Zoé", "Yves", "zoe@", "z2@"):
        assert secret not in page


def test_the_page_escapes_what_comes_from_moodle_and_refer():
    rows = pd.DataFrame({"key": ["L1"], "name": ["L1 - <script>"]})
    changes = plan.changes("category", "delete", rows, key="key", name="name")
    page = reporting.page(document(), changes, anomalies.none().assign(first_night=""), pd.DataFrame())
    assert "<script>" not in page
    assert "Catégorie à supprimer : L1 - &lt;script&gt;" in page


def test_the_page_lists_who_waits_for_a_group_by_login():
    waiting = pd.DataFrame({"key": ["A"], "code": ["G1"], "username": ["es1"]})
    page = reporting.page(document(waiting=1), plan.empty(), anomalies.none().assign(first_night=""), waiting)
    assert "es1 : groupe G1 du cours A" in page


def test_a_very_long_plan_is_cut_and_says_how_much_is_left_out():
    many = entries(*["done"] * (reporting.SHOWN + 3))
    page = reporting.page(document(), many, anomalies.none().assign(first_night=""), pd.DataFrame())
    assert "Et 3 autres, dans le plan et le journal de l&#39;exécution." in page.replace("'", "&#39;")


def test_the_page_says_whom_to_ask_and_where():
    nothing = pd.DataFrame()
    page = reporting.page(document(), plan.empty(), anomalies.none().assign(first_night=""), nothing)
    assert 'Demander au <a href="https://aide.univ.example/?a=1&amp;b=2">pôle plateforme</a>.' in page


def test_the_page_lists_rows_that_follow_a_code_as_kept_and_not_as_erased_too():
    rows = pd.DataFrame({"key": ["L3 / e1 / student"], "unit": ["course|archive|L3"]})
    moved = [plan.changes("enrolment", verb, rows, key="key", unit="unit") for verb in ("copy_key", "drop_key")]
    page = reporting.page(document(), plan.in_order(moved), anomalies.none().assign(first_night=""), pd.DataFrame())
    assert "Inscription à garder : L3 / e1 / student" in page
    assert "effac" not in page
