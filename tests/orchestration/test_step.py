"""What becomes of an error, and whether a task may write."""

from datetime import timedelta

import pytest
from airflow.sdk.exceptions import AirflowSkipException, AirflowTaskTimeout
from airflow_standin import TaskInstance, context, midnight_passes, opened

from ecampus import errors
from ecampus.calendar import Frozen, TooLate, today
from ecampus.orchestration.ending import Failed, TryAgain, WorthIt
from ecampus.orchestration.step import REASON, Step, told

RETRIED = {errors.SourceUnreachable, errors.SourceLocked, errors.AlreadyRunning, errors.MailNotSent}
AT_ONCE = sorted(
    {kind for kind in vars(errors).values() if isinstance(kind, type)} - RETRIED, key=lambda kind: kind.__name__
)


class TestAnErrorBecomesOneSentence:
    def raised(self, error):
        ti = TaskInstance("diff")
        with pytest.raises(BaseException) as caught, told(ti):  # noqa: PT011 - the kind is what is looked at
            raise error
        return caught.value, ti.pushed.get(REASON)

    @pytest.mark.parametrize("kind", AT_ONCE)
    def test_that_a_retry_would_not_mend_fails_at_once(self, kind):
        shown, reason = self.raised(kind("Moodle refuse le jeton."))
        assert type(shown) is Failed
        assert str(shown) == reason == "Moodle refuse le jeton."

    @pytest.mark.parametrize("kind", sorted(RETRIED, key=lambda kind: kind.__name__))
    def test_that_a_retry_may_mend_is_retried(self, kind):
        shown, reason = self.raised(kind("REFER ne répond pas."))
        assert type(shown) is TryAgain
        assert str(shown) == reason == "REFER ne répond pas."

    def test_that_takes_too_long_is_retried(self):
        shown, reason = self.raised(AirflowTaskTimeout("Timeout, PID: 12"))
        assert type(shown) is TryAgain
        assert str(shown) == reason == "La tâche « Comparer » n'a pas fini dans le temps imparti."

    def test_is_no_traceback_of_the_log_for_it_ends_the_task_as_an_exit_does(self):
        shown, _ = self.raised(errors.SourceRefused("Moodle refuse le jeton."))
        assert isinstance(shown, SystemExit)
        assert shown.code == 1

    @pytest.mark.parametrize(
        ("error", "then"), [(Failed("x"), "fail"), (TryAgain("x"), "default"), (KeyError("x"), "default")]
    )
    def test_tells_airflow_what_no_retry_mends(self, error, then):
        assert WorthIt().evaluate(error, 1, 2, None).action.value == then

    def test_a_freeze_shows_as_skipped_with_its_reason(self):
        shown, reason = self.raised(Frozen("Gel."))
        assert type(shown) is AirflowSkipException
        assert str(shown) == reason == "Gel."

    def test_the_traceback_of_the_cause_is_not_told(self):
        shown, _ = self.raised(errors.SourceRefused("Moodle refuse le jeton."))
        assert shown.__cause__ is None
        assert shown.__suppress_context__

    def test_a_defect_of_ours_goes_through_and_leaves_a_reason(self):
        defect = KeyError("code")
        shown, reason = self.raised(defect)
        assert shown is defect
        assert reason == "Erreur imprévue dans la tâche « Comparer » (KeyError) : voir son journal."

    def test_is_logged_as_an_error(self, caplog):
        self.raised(errors.SourceRefused("Moodle refuse le jeton."))
        assert [(record.levelname, record.message) for record in caplog.records] == [
            ("ERROR", "Moodle refuse le jeton.")
        ]


class TestForecast:
    """Whether a run begins a night that is worth to be foreseen."""

    @pytest.fixture(autouse=True)
    def live(self, store_url, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "")

    def test_is_of_a_night_that_writes(self):
        Step("users", context()).may_be_foreseen()

    @pytest.mark.parametrize(
        ("night", "run_type", "why"),
        [("2026-01-15", "manual", "elle est rejouée en lecture seule"), (None, "backfill", "backfill")],
    )
    def test_is_not_of_a_replay_nor_of_a_backfill(self, night, run_type, why):
        with pytest.raises(Frozen, match=why):
            Step("users", context(night, run_type)).may_be_foreseen()

    def test_is_not_of_a_frozen_night_whose_reports_say_it_all(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        with pytest.raises(Frozen, match=r"^Gel sans date de fin"):
            Step("users", context()).may_be_foreseen()

    def test_is_not_of_what_was_approved(self):
        asked = context()
        asked["dag_run"].conf["approved"] = True
        with pytest.raises(Frozen, match=r"^Seulement ce qui a été approuvé : le reste de la nuit n'est pas prévu\.$"):
            Step("users", asked).may_be_foreseen()


class TestWriting:
    def step(self, night=None, run_type="manual"):
        return Step("offer", opened(night, run_type))

    @pytest.fixture(autouse=True)
    def live(self, store_url, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "")

    def test_is_allowed_tonight(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "false")
        self.step().may_write()

    def test_stops_as_soon_as_the_variable_freezes(self, monkeypatch):
        step = self.step()
        step.may_write()
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        with pytest.raises(Frozen, match=r"^Gel sans date de fin"):
            step.may_write()

    def test_is_refused_on_both_ends_of_a_window(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", f"{today()}/{today()}")
        with pytest.raises(Frozen, match=r"^Gel du "):
            self.step().may_write()

    def test_is_refused_when_the_variable_is_unreadable(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "peut-être")
        with pytest.raises(Frozen, match=r"^Gel par précaution : la variable ecampus_freeze vaut « peut-être »"):
            self.step().may_write()

    def test_is_refused_for_a_past_night_and_for_a_backfill(self):
        with pytest.raises(Frozen, match="elle est rejouée en lecture seule"):
            self.step("2026-01-15").may_begin()
        with pytest.raises(Frozen, match="backfill"):
            self.step(run_type="backfill").may_write()

    def test_stays_refused_in_a_run_that_was_opened_frozen(self, monkeypatch):
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        step = self.step()
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "")
        with pytest.raises(Frozen, match=r"^Gel sans date de fin"):
            step.may_write()

    def test_goes_on_past_midnight_but_does_not_begin_after_it(self, monkeypatch):
        step = self.step()
        midnight_passes(monkeypatch)
        step.may_write()
        with pytest.raises(TooLate, match=r"est passée depuis l'ouverture de cette exécution : rien n'est écrit"):
            step.may_begin()
        assert not step.run.replay

    def test_looks_at_the_freeze_of_today_too_once_midnight_has_passed(self, monkeypatch):
        step = self.step()
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", f"{today() + timedelta(days=1)}/")
        step.may_write()
        midnight_passes(monkeypatch)
        with pytest.raises(Frozen, match=r"^Gel à partir du "):
            step.may_write()
