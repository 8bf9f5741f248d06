"""What a run is, is decided once: whatever the clock, the Variables or the store do meanwhile, its tasks agree."""

from pathlib import Path

import pandas as pd
import pytest
from airflow_standin import RUN_ID, TaskInstance, context, midnight_passes

from ecampus import errors
from ecampus.calendar import in_french, today
from ecampus.moodle import reads
from ecampus.orchestration import connections, records, step
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.records import RECORD
from ecampus.orchestration.step import Step
from ecampus.register.register import Register
from ecampus.register.tables import FIGURES, PASSAGES, SITES
from ecampus.safety import passage
from ecampus.store import archive, opening
from ecampus.store.files import Run
from ecampus.store.opening import RUN


@pytest.fixture(autouse=True)
def university(store_url, monkeypatch, tmp_path) -> Register:
    """Connections and Variables as they are when the run is opened; its register, through which the phase has written."""
    monkeypatch.setenv("AIRFLOW_CONN_REFER", '{"conn_type": "oracle", "host": "apo.univ.fr", "schema": "REFER"}')
    monkeypatch.setenv("AIRFLOW_CONN_ENROLMENT_DB", f'{{"conn_type": "sqlite", "host": "{tmp_path}/enrolments.db"}}')
    monkeypatch.setenv("AIRFLOW_CONN_MOODLE", '{"conn_type": "http", "host": "https://moodle.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_CONN_LDAP", '{"conn_type": "ldap", "host": "ldap.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2026")
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "")
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_CONTACT", "pôle")
    register = Register(connections.Systems().enrolment_hook())
    register.prepare()
    written_from(register, "apo.univ.fr/REFER")
    return register


def written_from(register: Register, refer: str) -> None:
    """The phase wrote last with that REFER."""
    site = {"annee": "2026", "managed_root": None, "refer": refer, "ldap": "ldap.univ.fr/"}
    with register.lease("nuit") as lease:
        rows = {"phase": "offer", "name": [*site], "setting": [*site.values()]}
        lease.remember(sites=pd.DataFrame(rows).astype(SITES))


def at(night=None, run_type="manual") -> Step:
    """One more task of the same run."""
    return Step("offer", context(night, run_type))


def folder(replay=False) -> Run:
    return Run(connections.store(), "offer", today(), RUN_ID, replay)


class TestATaskOfARun:
    def test_finds_what_was_decided_though_midnight_has_passed(self, monkeypatch):
        decided = at().open()
        midnight_passes(monkeypatch)
        assert (at().run, at().opening, at().beside) == (folder(), decided, False)

    def test_keeps_the_year_the_contact_and_the_freeze_whatever_the_variables_become(self, monkeypatch):
        at().open()
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2027")
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_CONTACT", "autre")
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        known = archive.settings(at().run)
        assert (known.annee, known.contact, known.night) == ("2026", "pôle", today())
        assert (at().opening.mode, at().opening.freeze, at().opening.moodle) == ("live", "", "https://moodle.univ.fr")

    def test_reads_nothing_again_once_its_night_has_passed_for_the_archive_is_that_of_the_night(self, monkeypatch):
        at().open()
        folder().files.write_json("source.json", {})
        assert at().kept("source") is None
        night = folder().night
        midnight_passes(monkeypatch)
        assert at().kept("existing") is None
        assert at().kept("source") == (
            f"La nuit du {in_french(night)} est passée : ce qu'elle avait lu est gardé tel quel."
        )

    def test_reads_everything_back_as_it_was_decided(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "True")
        decided = at().open()
        assert opening.read(folder()) == decided
        assert (decided.mode, decided.freeze) == ("frozen", "True")

    def test_takes_what_an_earlier_phase_read_only_when_it_was_scheduled_and_never_opened_before(self):
        assert at(run_type="scheduled").open().carries
        assert not at(run_type="scheduled").open().carries

    def test_that_somebody_triggered_reads_moodle_again(self):
        assert not at(run_type="manual").open().carries

    @pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b'{"night": "hier"}', b"\xff\xfe"])
    def test_says_to_begin_again_when_nothing_says_what_the_run_is_and_that_mends_it(self, content):
        at().open()
        folder().files.remove(RUN)
        if content is not None:
            folder().files.write(RUN, content)
        state = "absent" if content is None else "illisible"
        with pytest.raises(errors.StoreUnusable) as lost:
            _ = at().opening
        assert str(lost.value) == (
            f"Le fichier « {folder().name}/run.json », qui dit ce qu'est cette exécution, est {state} :"
            " la relancer depuis la tâche « Ouvrir la nuit »."
        )
        at().open()
        assert at().opening.mode == "live"

    def test_fails_at_once_in_that_sentence(self, monkeypatch):
        ti = TaskInstance("diff")
        monkeypatch.setattr(step, "get_current_context", lambda: context(ti=ti))
        refused = pytest.raises(Failed, match=r"est absent : la relancer depuis la tâche « Ouvrir la nuit »\.$")
        with refused, step.step("offer"):
            pytest.fail("the task went on")


class TestOpeningAgain:
    def test_decides_anew(self, monkeypatch):
        at().open()
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        at().open()
        assert at().opening.mode == "frozen"

    def test_the_next_day_makes_a_replay_of_it_and_leaves_the_archive(self, monkeypatch):
        live = at().open()
        midnight_passes(monkeypatch)
        assert at().open().mode == "replay"
        assert (at().run, at().beside) == (folder(replay=True), True)
        assert opening.read(folder()) == live

    def test_forgets_what_the_earlier_attempt_had_computed(self):
        at().open()
        for name in opening.COMPUTED:
            folder().files.write(name, b"{}")
        at().open()
        assert folder().files.names("") == [RECORD, RUN]

    def test_that_fails_leaves_nothing_of_the_earlier_decision(self, monkeypatch):
        at().open()
        monkeypatch.delenv("AIRFLOW_VAR_ECAMPUS_ANNEE")
        with pytest.raises(errors.SettingUnreadable):
            at().open()
        with pytest.raises(errors.StoreUnusable, match="absent"):
            _ = at().opening

    def test_of_a_replay_needs_no_connection(self, monkeypatch):
        for name in ("AIRFLOW_CONN_MOODLE", "AIRFLOW_CONN_LDAP", "AIRFLOW_VAR_ECAMPUS_ANNEE"):
            monkeypatch.delenv(name)
        found = at("2026-01-15").open()
        assert (found.mode, found.settings, found.moodle) == ("replay", None, None)

    def test_in_a_store_of_an_older_ecampus_is_refused(self):
        (Path(str(folder().store.root)) / "ledger").mkdir(parents=True)
        with pytest.raises(errors.StoreUnusable) as refused:
            at().open()
        assert str(refused.value) == (
            "Le magasin des nuits date d'une version d'ecampus qui y tenait le registre de ce qui est à elle (« ledger ») :"
            " donner à celle-ci un magasin neuf (ECAMPUS_STORE), ou l'effacer s'il ne sert qu'au bac à sable."
        )

    def test_a_night_to_come_is_refused(self):
        with pytest.raises(errors.NightRefused):
            at("2999-01-01").open()


class TestARecordThatNobodyCanRead:
    @pytest.fixture(params=[b"", b"{", b"[]", b"{}", b'{"run_id": "x", "finished_at": null}'])
    def broken(self, request) -> Run:
        folder().files.write(RECORD, request.param)
        return folder()

    def test_is_written_again_by_its_run(self, broken):
        records.begin(broken)
        assert records.read(broken.files).state == "running"
        records.finish(broken, "success", None)
        assert records.judge(connections.store(), "offer", today()).state == "pass"

    def test_stops_the_next_phase_in_one_sentence(self, broken):
        found = records.judge(connections.store(), "offer", today())
        assert found.state == "fail"
        assert found.sentence == (
            f"Le fichier « {broken.name}/record.json », où une exécution dit comment elle a fini, est illisible :"
            " relancer cette exécution depuis la tâche « Ouvrir la nuit », puis les traitements suivants."
        )

    def test_does_not_count_once_another_run_of_the_night_has_ended(self, broken):
        records.finish(Run(connections.store(), "offer", today(), "autre"), "success", None)
        assert records.judge(connections.store(), "offer", today()).state == "pass"

    def test_of_a_replay_decides_nothing(self, broken):
        broken.files.remove(RECORD)
        records.finish(folder(replay=True), "failed", "Sans archive.")
        assert records.judge(connections.store(), "offer", today()).state == "wait"


class TestARunThatMustBeApprovedAsAWhole:
    @pytest.fixture(autouse=True)
    def site(self, monkeypatch) -> dict[str, str]:
        """What Moodle says of itself."""
        says = {"siteurl": "https://moodle.univ.fr"}
        monkeypatch.setattr(reads, "site", lambda _: says)
        return says

    def test_is_opened_frozen_and_says_why(self, university):
        written_from(university, "ancien.univ.fr/REFER")
        decided = at().open()
        assert (decided.mode, decided.passage) == ("frozen", "site")
        assert decided.reason.startswith(
            "Première nuit avec d'autres systèmes (REFER : ancien.univ.fr/REFER jusqu'ici, apo.univ.fr/REFER maintenant)"
        )
        assert opening.read(folder()) == decided

    def test_is_none_of_the_sandboxs_wherever_it_was_moved(self, university, site):
        site["siteurl"] = reads.SANDBOX
        written_from(university, "ancien.univ.fr/REFER")
        assert (at().open().mode, at().open().passage) == ("live", None)

    def test_is_opened_live_with_what_was_approved(self, university):
        written_from(university, "ancien.univ.fr/REFER")
        site = at().open().site
        row = {"phase": "offer", "reason": "site", "made_by": passage.name_of(site), "night": str(today()), "run": "r"}
        row |= {"state": "approved", "decided": str(today()), "who": "camille", "why": None}
        allowed = {"phase": "offer", "subject": "archive_course", "scope": "UFR1", "figure": "allowed", "value": 12}
        with university.lease("décision") as lease:
            lease.wait(pd.DataFrame([row]).astype(PASSAGES), pd.DataFrame([allowed]).astype(FIGURES))
        decided = at().open()
        assert (decided.mode, decided.passage, decided.reason) == ("live", None, None)
        assert decided.allowed == [{"breaker": "archive_course", "scope": "UFR1", "units": 12}]
        assert opening.read(folder()) == decided

    def test_of_a_past_night_or_beside_the_night_is_no_such_run(self, university):
        written_from(university, "ancien.univ.fr/REFER")
        assert at("2026-01-01").open().passage is None
        assert at(run_type="backfill").open().mode == "backfill"

    def test_without_its_register_is_not_opened(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_CONN_ENROLMENT_DB", '{"conn_type": "sqlite", "host": "/nulle/part/e.db"}')
        with pytest.raises(errors.EcampusError, match="base des inscriptions"):
            at().open()
