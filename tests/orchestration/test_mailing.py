"""Who is told what, when: the mails as a server receives them, and what becomes of those that cannot leave."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from airflow_standin import RUN_ID, context, midnight_passes, opened

import postbox
from ecampus import calendar
from ecampus.calendar import PHASES, Freeze, in_french, today
from ecampus.errors import MailNotSent, SettingUnreadable, StoreUnusable
from ecampus.local.services import free_port
from ecampus.night import holding
from ecampus.orchestration import connections, mailing, post, records
from ecampus.safety import holds
from ecampus.store import memory, opening
from ecampus.store.files import Run
from ecampus.words.mailing import Mail

PLATFORM = "exploitation@univ.example"
MAIL = Mail("[ecampus] Échec à l'été", "L'offre est arrêtée.\n- une {ligne} {{ 1 }}")
TONIGHT = f"nuit du {in_french(today())}"


@pytest.fixture
def box(monkeypatch, store_url):
    """The platform's, and that of the composante SCI."""
    with postbox.opened() as (found, connection):
        monkeypatch.setenv(postbox.CONNECTION, connection)
        addresses = {"plateforme": [PLATFORM], "SCI": ["a@univ.example", "b@univ.example"]}
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_MAIL", json.dumps(addresses))
        yield found


@pytest.fixture
def nobody_answers(monkeypatch, box):
    monkeypatch.setenv(postbox.CONNECTION, postbox.connection(free_port()))


def run() -> Run:
    return Run(connections.store(), "offer", today(), RUN_ID)


class TestAMail:
    def test_arrives_by_smtp_with_its_subject_its_sender_and_its_words_as_they_are(self, box):
        post.send(MAIL, [PLATFORM, "a@univ.example"])
        assert (box.subjects, box.to) == (["[ecampus] Échec à l'été"], [[PLATFORM, "a@univ.example"]])
        assert box.mails[0]["from"] == postbox.FROM
        assert box.html(0) == "<p>L'offre est arrêtée.</p>\n<ul>\n<li>une {ligne} {{ 1 }}</li>\n</ul>"

    def test_leaves_by_another_notifier_when_a_variable_names_it(self, box, monkeypatch):
        arguments = {"channel": "#ecampus", "text": "{text}", "more": [{"title": "{subject}", "to": "{to}"}]}
        named = {"class": f"{__name__}.Standin", "arguments": arguments}
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_NOTIFIER", json.dumps(named))
        post.send(MAIL, [PLATFORM, "a@univ.example"])
        to = "exploitation@univ.example, a@univ.example"
        assert Standin.told == [{"channel": "#ecampus", "text": MAIL.text, "more": [{"title": MAIL.subject, "to": to}]}]
        assert box.mails == []

    @pytest.mark.parametrize("text", ["SmtpNotifier", "[]", '{"class": "x.Y"}'])
    def test_does_not_leave_when_that_variable_cannot_be_read(self, monkeypatch, text):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_NOTIFIER", text)
        with pytest.raises(SettingUnreadable) as refused:
            post.send(MAIL, [PLATFORM])
        assert str(refused.value) == (
            "La variable Airflow ecampus_notifier ne peut pas être lue, aucun courriel n'est envoyé : y mettre"
            ' {"class": "…", "arguments": {…}}, ou la laisser vide pour envoyer par SMTP.'
        )

    @pytest.mark.usefixtures("nobody_answers")
    def test_that_cannot_leave_is_one_sentence_without_an_address(self):
        with pytest.raises(MailNotSent) as refused:
            post.send(MAIL, [PLATFORM])
        assert str(refused.value) == (
            "Le courriel « [ecampus] Échec à l'été » n'est pas parti (ConnectionRefusedError) : vérifier la connexion"
            " Airflow « smtp_default », ou la variable ecampus_notifier."
        )

    def test_waits_for_no_server_that_says_nothing(self, box, monkeypatch):
        monkeypatch.setattr(post, "WITHIN", 0.2)
        with socket.create_server(("127.0.0.1", free_port())) as silent:
            monkeypatch.setenv(postbox.CONNECTION, postbox.connection(silent.getsockname()[1]))
            with pytest.raises(MailNotSent, match=r"n'est pas parti \(TimeoutError\)"):
                post.send(MAIL, [PLATFORM])

    def test_the_preflight_says_when_none_could_leave(self, box, monkeypatch):
        assert post.reached().platform == (PLATFORM,)
        monkeypatch.delenv(postbox.CONNECTION)
        with pytest.raises(SettingUnreadable, match="La connexion Airflow « smtp_default » n'est pas définie"):
            post.reached()
        monkeypatch.delenv("AIRFLOW_VAR_ECAMPUS_MAIL")
        assert post.reached().nobody

    def test_says_when_no_server_was_named(self):
        with pytest.raises(MailNotSent, match=r"\(cette connexion n'est pas définie\)"):
            post.send(MAIL, [PLATFORM])


class Standin:
    """Another notifier."""

    told: list[dict[str, Any]] = []  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments

    def notify(self, context: Any) -> None:
        self.told.append(self.arguments)


class TestAtOnce:
    def test_a_freeze_typed_badly_is_told_once_a_night(self, box, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "du 20 juin")
        for phase in ("cohorts", "offer"):
            at = opened(phase=phase)
            at["dag"] = SimpleNamespace(dag_id=f"ecampus_{phase}")
            mailing.opened(_with(at, freeze="du 20 juin", phase=phase))
        assert box.subjects == [f"[ecampus] Gel illisible, {TONIGHT}"]
        assert "la variable ecampus_freeze vaut « du 20 juin », que personne ne sait lire" in box.html(0)

    def test_a_freeze_that_somebody_wanted_is_not_told(self, box, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        mailing.opened(_with(opened(), freeze="true", passage="thaw"))
        assert box.subjects == []

    def test_a_whole_night_that_waits_is_told(self, box):
        at = opened()
        reason = "Sortie du gel : rien n'est écrit dans ecampus avant qu'une personne l'approuve."
        mailing.opened(_with(at, mode="frozen", reason=reason, passage="thaw"))
        assert box.subjects == [f"[ecampus] Rien n'est écrit sans réponse, {TONIGHT}"]
        assert reason in box.html(0)

    def test_what_is_held_for_the_first_time_is_told_and_what_waits_already_is_not(self, box):
        at = opened()
        old = dict.fromkeys(holds.QUESTIONS) | {
            "question": "rename_course/LET",
            "name": "rename_course",
            "kind": "course|rename",
            "units": 70,
            "since": "2026-01-05",
            "state": "asked",
            "scope": "LET",
        }
        new = old | {
            "question": "archive_course/SCI",
            "name": "archive_course",
            "kind": "course|archive",
            "units": 12,
            "since": today().isoformat(),
            "scope": "SCI",
        }
        refused = new | {
            "question": "drop_group/SCI",
            "name": "drop_group",
            "kind": "group|delete",
            "state": "refused",
            "who": "camille",
        }
        run().files.write_frame(holding.QUESTIONS, pd.DataFrame([old, new, refused]).astype(holds.QUESTIONS))
        mailing.checked(at)
        mailing.checked(at)
        assert box.subjects == [f"[ecampus] Retenu : Offre de formation, {TONIGHT}"]
        assert "12 cours à archiver (composante SCI)" in box.html(0)
        assert "LET" not in box.html(0)
        assert "camille" not in box.html(0)

    def test_a_phase_that_failed_is_told_with_its_reason(self, box):
        at = opened()
        records.finish(run(), "failed", "Moodle ne répond pas.")
        mailing.failed(at)
        mailing.failed(at)
        assert box.subjects == [f"[ecampus] En échec : Offre de formation, {TONIGHT}"]
        assert box.html(0).startswith("<p>Moodle ne répond pas.</p>")

    def test_one_that_did_what_was_approved_has_no_record_and_its_report_tells(self, box):
        at = opened()
        run().files.write_json("report.json", {"reason": "LDAP refuse."})
        mailing.failed(at)
        assert box.html(0).startswith("<p>LDAP refuse.</p>")

    def test_one_that_failed_for_an_earlier_one_or_beside_the_night_is_not(self, box):
        at = opened()
        records.finish(run(), "failed", "« Cohortes » : en échec.", passed_on=True)
        mailing.failed(at)
        mailing.failed(context(night="2026-01-15"))
        mailing.failed(context(run_type="backfill"))
        assert box.subjects == []

    def test_a_store_that_is_down_does_not_keep_a_failure_from_being_told(self, box, tmp_path, monkeypatch):
        (tmp_path / "store").write_text("")
        mailing.failed(context())
        monkeypatch.setattr(mailing, "run_of", _refused)
        mailing.failed(context())
        assert box.subjects == [f"[ecampus] En échec : Offre de formation, {TONIGHT}"] * 2
        assert box.html(0).startswith("<p>Raison inconnue : voir les journaux de ses tâches dans Airflow.</p>")
        assert box.html(1).startswith("<p>Le magasin est loin.</p>")

    def test_a_night_that_ended_is_not_late(self, box):
        for phase in PHASES:
            records.finish(Run(connections.store(), phase, today(), RUN_ID), "success", None)
        asyncio.run(mailing.late())
        assert box.subjects == []

    def test_a_night_that_has_not_ended_at_six_is_told_once(self, box):
        records.begin(run())
        for _ in range(2):
            asyncio.run(mailing.late())
        assert box.subjects == [f"[ecampus] Pas finie à 06h00 : {TONIGHT}"]
        assert "« Offre de formation » est en cours depuis" in box.html(0)

    @pytest.mark.usefixtures("nobody_answers")
    def test_a_mail_that_cannot_leave_is_a_line_of_the_log_and_is_tried_at_the_next_occasion(self, caplog):
        at = opened()
        records.finish(run(), "failed", "Moodle ne répond pas.")
        mailing.failed(at)
        mailing.failed(at)
        told = [record for record in caplog.records if record.name == "ecampus" and record.levelno == logging.WARNING]
        assert [record.message for record in told] == [
            f"Le courriel « [ecampus] En échec : Offre de formation, {TONIGHT} » n'est pas parti"
            " (ConnectionRefusedError) : vérifier la connexion Airflow « smtp_default », ou la variable"
            " ecampus_notifier."
        ] * 2
        assert {record.exc_info for record in told} == {None}

    def test_nobody_to_tell_is_no_mail(self, box, monkeypatch):
        monkeypatch.delenv("AIRFLOW_VAR_ECAMPUS_MAIL")
        at = opened()
        records.finish(run(), "failed", "Moodle ne répond pas.")
        for tell in (mailing.opened, mailing.checked, mailing.failed):
            tell(at)
        assert box.subjects == []

    def test_a_variable_typed_badly_is_a_line_of_the_log(self, box, monkeypatch, caplog):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_MAIL", "exploitation@univ.example")
        at = opened()
        records.finish(run(), "failed", "Moodle ne répond pas.")
        mailing.failed(at)
        assert caplog.messages[-1].startswith("La variable Airflow ecampus_mail ne peut pas être lue")
        assert box.subjects == []


def _refused(*_: Any) -> Run:
    raise StoreUnusable("Le magasin est loin.")


def _with(at: Any, phase: str = "offer", **others: Any) -> Any:
    """The same context, its run opened otherwise."""
    there = Run(connections.store(), phase, today(), RUN_ID)
    known = opening.read(there)
    if "freeze" in others:
        others |= {"mode": "frozen", "reason": Freeze.parse(others["freeze"]).reason(today())}
    same = {name: getattr(known, name) for name in known.__dataclass_fields__}
    opening.keep(there, opening.Opening(**(same | others)))
    return at


@pytest.fixture(scope="module")
def dag(airflow_database):
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["ecampus_mail"]


class TestOnceANight:
    @pytest.fixture
    def night(self, box):
        """One that ended well, with an anomaly of SCI and one of LET."""
        for phase in PHASES:
            records.finish(Run(connections.store(), phase, today(), RUN_ID), "success", None)
        rows = [
            ["COURS_CACHE", f"L1{name}", name, f"Le cours L1{name} est caché.", today().isoformat()]
            for name in ("SCI", "LET")
        ]
        memory.keep(run(), pd.DataFrame(rows, columns=memory.COLUMNS, dtype="str"))

    @pytest.mark.usefixtures("night")
    def test_the_platform_has_its_line_and_each_composante_its_own_and_a_cleared_run_sends_nothing(
        self, box, dag, caplog
    ):
        assert dag.test(logical_date=None).state == "success"
        assert dag.test(logical_date=None).state == "success"
        line, sci = box.subjects
        assert line == f"[ecampus] N{TONIGHT[1:]} : bien terminée"
        assert sci == "[ecampus] SCI : 1 anomalie nouvelle"
        assert box.to == [[PLATFORM], ["a@univ.example", "b@univ.example"]]
        assert "L1LET" not in box.html(1)
        assert caplog.messages.count("Sans adresse dans la variable ecampus_mail, donc sans courriel : LET.") == 2
        assert not [record for record in caplog.records if record.name == "ecampus" and "@" in record.message]

    @pytest.mark.usefixtures("night")
    def test_it_waits_while_a_phase_is_at_work_and_not_for_one_that_never_began(self, monkeypatch):
        monkeypatch.setattr(mailing, "get_current_context", context)
        assert mailing.night_over.function()
        run().files.remove(records.RECORD)
        assert mailing.night_over.function()
        records.begin(run())
        assert not mailing.night_over.function()

    @pytest.mark.usefixtures("night")
    def test_a_night_that_has_passed_sends_nothing(self, box, monkeypatch, caplog):
        midnight_passes(monkeypatch)
        monkeypatch.setattr(mailing, "today", calendar.today)
        monkeypatch.setattr(mailing, "get_current_context", context)
        mailing.mail.function()
        assert caplog.messages[-1].endswith(" est passée : aucun courriel n'est envoyé.")
        assert box.subjects == []

    @pytest.mark.usefixtures("night")
    def test_without_an_address_it_says_so_and_succeeds(self, box, dag, caplog, monkeypatch):
        monkeypatch.delenv("AIRFLOW_VAR_ECAMPUS_MAIL")
        assert dag.test(logical_date=None).state == "success"
        assert "Aucun courriel : la variable Airflow ecampus_mail ne donne aucune adresse." in caplog.messages
        assert box.subjects == []

    @pytest.mark.usefixtures("night", "nobody_answers")
    def test_a_server_that_does_not_answer_fails_it_and_nothing_counts_as_sent(self, box, dag, caplog):
        from ecampus.orchestration.step import WORTH_A_RETRY

        assert dag.get_task("mail").retries == 2
        assert MailNotSent in WORTH_A_RETRY
        unsent = list(mailing._line(today(), post.addressees()))
        unsent += mailing._to_composantes(today(), post.addressees())
        assert [str(error).partition(" n'est")[0] for error in unsent] == [
            f"Le courriel « [ecampus] N{TONIGHT[1:]} : bien terminée »",
            "Le courriel « [ecampus] SCI : 1 anomalie nouvelle »",
        ]
        assert not (connections.store().root / "mail").exists()
