"""The five DAGs of the night, and those beside it, as Airflow sees them: conventions worth a test."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pendulum
import pytest

from ecampus.calendar import PARIS, PHASES
from ecampus.words import names

ROOT = Path(__file__).parents[2]
HOURS = {"users": "00:00", "cohorts": "03:45", "offer": "04:00", "enrolments": "04:15", "groups": "05:00"}
TASKS = {
    "open_night", "extract_source", "extract_moodle", "diff", "check", "apply", "verify", "report",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture(scope="module")
def dags():
    from airflow.dag_processing.dagbag import DagBag

    found = DagBag(str(ROOT / "dags"))
    assert found.import_errors == {}
    return found.dags


@pytest.fixture(params=list(PHASES))
def phase(request):
    return request.param


@pytest.fixture
def dag(dags, phase):
    return dags[f"ecampus_{phase}"]


BESIDE = ["ecampus_check", "ecampus_owned", "ecampus_recover", "ecampus_rehearsal", "ecampus_undo"]


def test_there_are_five_those_beside_the_night_and_no_other(dags):
    assert set(dags) == {f"ecampus_{phase}" for phase in PHASES} | {
        *BESIDE,
        "ecampus_approve",
        "ecampus_mail",
        "ecampus_retention",
    }


def test_pages_list_them_by_name_in_the_order_of_the_night_then_those_that_are_beside_it(dags):
    assert sorted(dag.dag_display_name for dag in dags.values()) == [
        "1. Utilisateurs (00h00)",
        "2. Cohortes (03h45)",
        "3. Offre de formation (04h00)",
        "4. Inscriptions (04h15)",
        "5. Groupes (05h00)",
        "Annuler une nuit",
        "Ce qui est à ecampus",
        "Courriels (06h05)",
        "Décisions (06h15)",
        "Reprendre le registre",
        "Répétition, à toute heure",
        "Rétention (06h30)",
        "Vérifier l'installation",
    ]


def test_each_name_is_that_of_its_id(dags):
    assert {dag_id: dag.dag_display_name for dag_id, dag in dags.items()} == names.DAGS


OF_A_PHASE = {
    "forecast": "Prévoir la nuit",
    "open_night": "Ouvrir la nuit",
    "wait": "Attendre le traitement d'avant",
    "extract_source": "Lire les sources",
    "extract_moodle": "Lire ecampus",
    "diff": "Comparer",
    "check": "Contrôler le plan",
    "apply": "Écrire dans ecampus",
    "verify": "Relire ce qui est écrit",
    "report": "Rendre compte",
}
NAMED = {
    "ecampus_approve": {
        "questions": "Lister ce qui attend",
        "ask": "Demander",
        "approved": "Relever les réponses",
        "apply": "Faire ce qui est approuvé",
    },
    "ecampus_undo": {
        "preview": "Montrer ce qui serait défait",
        "ask": "Demander",
        "undo_users": "Défaire : Utilisateurs",
        "undo_cohorts": "Défaire : Cohortes",
        "undo_offer": "Défaire : Offre de formation",
        "undo_enrolments": "Défaire : Inscriptions",
        "undo_groups": "Défaire : Groupes",
        "release": "Laisser refaire",
    },
    "ecampus_owned": {"own": "Montrer, adopter, rendre"},
    "ecampus_recover": {"recover": "Accorder le registre et Moodle"},
    "ecampus_rehearsal": {"rehearse": "Répéter la nuit prochaine"},
    "ecampus_retention": {"prune": "Effacer ce qui n'est plus gardé"},
    "ecampus_check": {"inspect": "Regarder l'installation"},
    "ecampus_mail": {"night_over": "Attendre la fin de la nuit", "mail": "Envoyer les courriels"},
}


def test_each_task_has_a_name_in_french(dags):
    for dag_id, dag in dags.items():
        for task in dag.tasks:
            assert task.task_display_name == NAMED.get(dag_id, OF_A_PHASE)[task.task_id], (dag_id, task.task_id)


@pytest.mark.parametrize("name", BESIDE)
def test_one_beside_the_night_has_no_hour_no_catch_up_and_a_page_in_french(dags, name):
    dag = dags[name]
    assert dag.schedule is None
    assert (dag.catchup, dag.max_active_runs, dag.deadline) == (False, 1, None)
    assert dag.tags == {"ecampus", "à la demande"}
    assert dag.doc_md.startswith("# ")
    assert Path(dag.fileloc).name == f"{name}.py"


def test_the_preflight_is_one_task_that_is_not_tried_again(dags):
    (task,) = dags["ecampus_check"].tasks
    assert (task.task_id, task.retries, task.execution_timeout) == ("inspect", 0, timedelta(hours=1))


def test_the_rehearsal_runs_only_by_hand_and_is_one_task_that_no_phase_waits_for(dags):
    rehearsal = dags["ecampus_rehearsal"]
    assert (rehearsal.schedule, rehearsal.task_ids, rehearsal.max_active_runs) == (None, ["rehearse"], 1)
    assert rehearsal.doc_md.startswith("# Répétition, à toute heure\n")
    assert rehearsal.on_failure_callback is None or rehearsal.on_failure_callback == []


def test_undoing_shows_then_asks_then_does_each_phase_in_its_order_and_no_branch_decides(dags):
    from ecampus.changes.undoing import ORDER

    dag = dags["ecampus_undo"]
    steps = ["preview", "ask", *(f"undo_{phase}" for phase in ORDER)]
    assert set(dag.task_ids) == {*steps, "release"}
    for before, after in pairwise(steps):
        assert dag.get_task(after).upstream_task_ids == {before}
    assert dag.get_task("release").upstream_task_ids == set()
    assert set(dag.params) == {"night", "phases", "reason", "release"}
    assert dag.doc_md.startswith("# Annuler une nuit\n")


@pytest.mark.parametrize(
    ("name", "task", "params"),
    [
        ("ecampus_owned", "own", {"adopt": None, "release": None, "why": None}),
        ("ecampus_recover", "recover", {"confirm": False, "why": None}),
    ],
)
def test_whose_objects_are_is_decided_by_hand_and_without_a_word_nothing_is(dags, name, task, params):
    dag = dags[name]
    assert [(found.task_id, found.retries) for found in dag.tasks] == [(task, 0)]
    assert dag.params.dump() == params


def test_decisions_are_asked_after_the_night_and_no_branch_decides(dags):
    from airflow.serialization.encoders import coerce_to_core_timetable

    dag = dags["ecampus_approve"]
    assert set(dag.task_ids) == {"questions", "ask", "approved", "apply"}
    assert dag.get_task("apply").upstream_task_ids == {"approved"}
    assert coerce_to_core_timetable(dag.timetable).summary == "15 6 * * *"
    assert dag.tags == {"ecampus", "chaque matin"}
    assert dag.doc_md.startswith("# Décisions, 06h15\n")


def test_retention_is_one_task_after_the_night_that_waits_for_nobody(dags):
    from airflow.serialization.encoders import coerce_to_core_timetable

    dag = dags["ecampus_retention"]
    assert dag.task_ids == ["prune"]
    assert coerce_to_core_timetable(dag.timetable).summary == "30 6 * * *"
    assert dag.tags == {"ecampus", "chaque matin"}
    assert dag.doc_md.startswith("# Rétention, 06h30\n")


def test_mails_leave_after_the_night_whatever_it_was(dags):
    from airflow.serialization.encoders import coerce_to_core_timetable

    dag = dags["ecampus_mail"]
    assert dag.get_task("mail").upstream_task_ids == {"night_over"}
    assert dag.get_task("mail").trigger_rule == "all_done"
    assert dag.tags == {"ecampus", "chaque matin"}
    assert coerce_to_core_timetable(dag.timetable).summary == "5 6 * * *"
    assert dag.doc_md.startswith("# Courriels, 06h05\n")


def test_people_are_told_at_once_by_callbacks_that_no_task_waits_for(dag):
    from ecampus.orchestration import mailing, outcome

    assert dag.on_failure_callback == [outcome.record_crash, mailing.failed]
    told = {task.task_id: task.on_success_callback for task in dag.tasks if task.on_success_callback}
    assert told == {"open_night": [mailing.opened], "check": [mailing.checked]}


def test_each_is_a_page_for_the_operator_in_french(dag):
    for part in ("**Règles.**", "**Ce qui peut échouer, et que faire.**", "**Variables.**", "**Relancer, rejouer.**"):
        assert part in dag.doc_md


def test_the_page_begins_with_the_phase_and_its_hour(dag, phase):
    assert dag.doc_md.startswith(f"# {PHASES[phase]}, {HOURS[phase].replace(':', 'h')}\n")


def test_each_has_its_tags_one_run_at_a_time_and_no_catch_up(dag, phase):
    assert dag.tags == {"ecampus", "nuit"}
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_each_is_shown_with_its_own_file(dag, phase):
    assert Path(dag.fileloc).name == f"ecampus_{phase}.py"


def test_the_phases_are_one_list():
    from ecampus.night import phases

    assert list(phases.PHASES) == list(PHASES)


def test_the_first_foresees_the_night_and_the_others_wait(dag, phase):
    assert set(dag.task_ids) == TASKS | ({"wait"} if phase != "users" else {"forecast"})


def test_the_forecast_comes_before_all_else_and_the_night_begins_whatever_becomes_of_it(dags):
    dag = dags["ecampus_users"]
    assert dag.roots == [dag.get_task("forecast")]
    assert dag.get_task("forecast").downstream_task_ids == {"open_night"}
    assert dag.get_task("open_night").trigger_rule == "all_done"


def test_tasks_are_retried_with_back_off_and_bounded_in_time(dag):
    for task in dag.tasks:
        assert task.retries == {"apply": 4, "forecast": 0}.get(task.task_id, 2), task.task_id
        assert task.retry_exponential_backoff == 2, task.task_id
        assert task.retry_delay == timedelta(minutes=1), task.task_id
        assert task.max_retry_delay == timedelta(minutes=10), task.task_id
        assert timedelta(0) < task.execution_timeout <= timedelta(hours=5), task.task_id


def test_the_wait_is_bounded_and_for_the_phase_before(dags):
    for phase in list(PHASES)[1:]:
        wait = dags[f"ecampus_{phase}"].get_task("wait")
        assert wait.timeout == 3 * 3600
        assert wait.awaited == list(PHASES)[list(PHASES).index(phase) - 1]


def test_the_report_always_comes_last(dag):
    report = dag.get_task("report")
    assert report.trigger_rule == "all_done"
    assert dag.leaves == [report]


def test_the_groups_have_a_deadline_at_six(dags):
    assert [name for name, dag in dags.items() if dag.deadline] == ["ecampus_groups"]
    (deadline,) = dags["ecampus_groups"].deadline
    assert deadline.interval == timedelta(hours=1)
    assert deadline.callback.path == "ecampus.orchestration.deadline.late"


def test_apply_outlasts_another_writer_by_more_than_two_minutes(dag):
    task = dag.get_task("apply")
    waits = [task.retry_delay * task.retry_exponential_backoff**number for number in range(task.retries)]
    assert waits[0] == timedelta(minutes=1)
    assert sum(waits, timedelta()) >= timedelta(minutes=10)


LATE = {"run_type": "scheduled", "logical_date": None, "run_after": datetime.now(UTC).isoformat(), "conf": None}


@pytest.mark.parametrize(
    ("dag_run", "alerted"),
    [
        ({}, True),
        ({"logical_date": datetime.now(UTC).isoformat()}, True),
        ({"run_type": "backfill"}, False),
        ({"logical_date": "2026-01-15T04:00:00Z"}, False),
        ({"conf": {"night": "2026-01-15"}}, False),
    ],
    ids=["tonight by hand", "tonight", "backfill", "an old run", "a replay"],
)
def test_the_alert_of_six_is_for_tonight_only(caplog, dag_run, alerted):
    import asyncio

    from ecampus.orchestration.deadline import late

    asyncio.run(late(context={"dag_run": LATE | dag_run}))
    assert bool(caplog.messages) == alerted


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-11-23"])
def test_each_runs_at_its_paris_hour_of_its_night_even_when_the_clocks_change(dag, phase, day, monkeypatch):
    from airflow.sdk import timezone
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables.base import DataInterval, TimeRestriction

    tick = datetime.fromisoformat(f"{day}T{HOURS[phase]}").replace(tzinfo=PARIS)
    before = pendulum.instance((tick - timedelta(days=1)).astimezone(UTC))
    timetable = coerce_to_core_timetable(dag.timetable)
    found = timetable.next_dagrun_info(
        last_automated_data_interval=DataInterval(before, before),
        restriction=TimeRestriction(earliest=None, latest=None, catchup=True),
    )
    assert timezone.convert_to_utc(found.run_after) == tick.astimezone(UTC)
    assert found.run_after.in_timezone("Europe/Paris").date() == date.fromisoformat(day)


def test_parsing_them_does_not_import_pandas():
    program = (
        "import sys, runpy\n"
        f"sys.path.insert(0, {str(ROOT / 'plugins')!r})\n"
        f"for path in {[str(path) for path in sorted((ROOT / 'dags').glob('*.py'))]!r}:\n"
        "    runpy.run_path(path)\n"
        "print('pandas' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip().splitlines()[-1] == "False"
