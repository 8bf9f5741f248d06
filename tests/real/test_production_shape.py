"""The production shape, without Docker: who signs in and may do what, a night on two workers, a worker that dies."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import nights_that_fail
import pytest
import requests
import sign_in_alone
import staff
from production import WORKERS, Production, production
from staff import CLERK, ENGINEER, ENGINEERS, LEAVER, PROFESSOR, STAFF

import compose
import copies
import databases
from ecampus.calendar import PHASES, today
from nights.campus import Campus, Cron, copied
from programs import Missing, skip
from sandbox.box import open_box
from sandbox.moodle.faults import Run
from secrets_left import files_that_tell, found_in
from watch import watched

PATIENCE = 120
DAGS = sorted((compose.ROOT / "dags").glob("ecampus_*.py"))
USERS = "/dags/ecampus_users"
REPORTED = ("state", "reason", "read", "unchanged", "counts", "failed", "put_off", "waiting", "anomalies")


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[Production]:
    """The whole set; it knows its DAGs, and the engineer gave it its year."""
    with pytest.MonkeyPatch.context() as patch:
        try:
            with production(patch.setenv) as found, watched(found.site.place) as seen:
                for phase in PHASES:
                    found.airflow.wait_for_dag(f"ecampus_{phase}")
                found.airflow.call("POST", "/variables", {"key": "ecampus_annee", "value": "2026"}).raise_for_status()
                found.seen = seen
                yield found
        except Missing as why:
            skip(why, request.config)


@pytest.fixture(scope="module")
def refused_run(running: Production) -> str:
    """A run that the engineer started for a night to come; it has ended, its tasks have their logs."""
    run_id = running.airflow.trigger("ecampus_users", {"night": "2999-01-01"})
    assert running.airflow.wait_for_run("ecampus_users", run_id) == "failed"
    return run_id


def eventually(happened: Callable[[], Any]) -> Any:
    """What ``happened`` says, once it says something; it must within PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < until
        time.sleep(0.2)
    return found


def test_every_kind_of_service_passes_the_health_check_of_the_file(running):
    names = [name for name in compose.ours(compose.read()) if name not in ("airflow-init", *WORKERS[1:])]
    with ThreadPoolExecutor(2) as pool:
        assert dict(zip(names, pool.map(running.healthy, names), strict=True)) == dict.fromkeys(names, True)


def sign_in(running: Production, uid: str, typed: str | None = None) -> requests.Response:
    account = {"username": uid, "password": staff.password(uid) if typed is None else typed}
    return requests.post(f"{running.airflow.url}/auth/token", json=account, timeout=30)


def ask(running: Production, token: str, method: str, path: str, body: Any = None) -> requests.Response:
    url, headers = f"{running.airflow.url}/api/v2{path}", {"Authorization": f"Bearer {token}"}
    return requests.request(method, url, json=body, headers=headers, timeout=30)


@pytest.fixture(params=[ENGINEER, CLERK])
def signed_in(request: pytest.FixtureRequest, running: Production) -> tuple[str, str]:
    """Somebody and the token that the directory's password gives."""
    answer = sign_in(running, request.param)
    assert answer.status_code == 201
    return request.param, answer.json()["access_token"]


def test_staff_and_engineers_see_the_dags_their_runs_and_the_logs(running, refused_run, signed_in):
    _, token = signed_in
    assert ask(running, token, "GET", "/dags").json()["total_entries"] == len(DAGS)
    assert ask(running, token, "GET", f"{USERS}/dagRuns/{refused_run}").json()["state"] == "failed"
    log = ask(running, token, "GET", f"{USERS}/dagRuns/{refused_run}/taskInstances/open_night/logs/1")
    assert "La nuit du 1er janvier 2999 n'est pas encore venue" in log.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{USERS}/dagRuns", {"logical_date": None, "conf": {"night": "2999-01-01"}}),
        ("PATCH", USERS, {"is_paused": False}),
        ("POST", f"{USERS}/clearTaskInstances", {"dry_run": True}),
        ("PATCH", "/variables/ecampus_annee", {"key": "ecampus_annee", "value": "2026"}),
        ("GET", "/variables", None),
        ("GET", "/connections", None),
    ],
    ids=["triggers", "pauses", "clears", "changes a Variable", "reads Variables", "reads connections"],
)
def test_engineers_act_and_staff_do_not(running, signed_in, method, path, body):
    uid, token = signed_in
    assert ask(running, token, method, path, body).status_code == (200 if uid == ENGINEER else 403)


def test_engineers_may_answer_what_is_held_and_staff_may_only_read_it(running, refused_run, signed_in):
    """A task that asks nothing: who may answer is told so, who may not is refused before."""
    uid, token = signed_in
    assert ask(running, token, "GET", f"{USERS}/dagRuns/{refused_run}/hitlDetails").json()["hitl_details"] == []
    path = f"{USERS}/dagRuns/{refused_run}/taskInstances/open_night/-1/hitlDetails"
    answer = ask(running, token, "PATCH", path, {"chosen_options": ["Ne rien faire"], "params_input": {"why": ""}})
    assert answer.status_code == (404 if uid == ENGINEER else 403)
    assert ("Human-in-the-loop detail does not exist" in answer.text) == (uid == ENGINEER)


@pytest.mark.parametrize(
    ("uid", "typed", "status"),
    [(CLERK, "wr0ng", 401), (CLERK, "", 400), ("*", "wr0ng", 401), (PROFESSOR, None, 401), ("nobody", "x", 401)],
    ids=["wrong password", "no password", "a star", "in neither group", "unknown"],
)
def test_others_are_refused(running, uid, typed, status):
    assert sign_in(running, uid, typed).status_code == status


def test_nothing_is_kept_about_those_who_are_in_neither_group(running):
    sign_in(running, PROFESSOR)
    assert {uid for (uid,) in running.database.run("SELECT username FROM ab_user")} <= {ENGINEER, CLERK, LEAVER}


def test_a_directory_whose_certificate_is_unknown_lets_nobody_in(running):
    site, authorities = running.site, [running.site.directory.ca_file, running.site.directory.stranger_file]
    command = [sys.executable, sign_in_alone.__file__, CLERK, staff.password(CLERK), *map(str, authorities)]
    environment = site.environment(compose.read()["services"]["airflow-apiserver"]) | {"HOSTNAME": "elsewhere"}
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    assert re.findall("^let in: (.*)$", done.stdout, re.MULTILINE) == [CLERK, "nobody"]


def test_who_changes_group_changes_role_at_the_next_sign_in_and_who_leaves_both_is_refused(running):
    def variables(token: str) -> int:
        return ask(running, token, "GET", "/variables").status_code

    directory = running.site.directory
    engineer = sign_in(running, LEAVER).json()["access_token"]
    assert variables(engineer) == 200
    staff.move(directory, LEAVER, ENGINEERS, STAFF)
    clerk = sign_in(running, LEAVER).json()["access_token"]
    eventually(lambda: variables(engineer) == variables(clerk) == 403)
    assert ask(running, clerk, "GET", "/dags").status_code == 200
    staff.move(directory, LEAVER, STAFF)
    assert sign_in(running, LEAVER).status_code == 401


def test_staff_sign_in_by_the_page_behind_the_reverse_proxy_for_eight_hours(running):
    """The proxy speaks HTTPS, we do not: the Secure of each cookie is noted, then forgotten."""
    browser, secure, url = requests.Session(), [], running.airflow.url
    browser.headers["X-Forwarded-Proto"] = "https"

    def visit(method: str, page: str, **more: Any) -> requests.Response:
        answer = browser.request(method, f"{url}{page}", allow_redirects=False, timeout=30, **more)
        browser.headers["Referer"] = f"{url}{page}".replace("http:", "https:")
        for cookie in browser.cookies:
            secure.append(cookie.secure)
            cookie.secure = False
        return answer

    form = visit("GET", "/auth/login/")
    hidden = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)
    typed = {"csrf_token": hidden and hidden[1], "username": CLERK, "password": staff.password(CLERK)}
    assert visit("POST", "/auth/login/", data=typed).status_code == 302
    visit("GET", "/auth/")
    session = jwt.decode(browser.cookies["_token"], options={"verify_signature": False})
    assert session["exp"] - session["iat"] <= 8 * 3600
    assert visit("GET", "/api/v2/dags").status_code == 200
    assert visit("GET", "/api/v2/variables").status_code == 403
    assert secure[0]


def reports(campus: Campus) -> dict[str, dict[str, Any]]:
    """What tonight's last run of each phase reported, but for paths and times."""
    night = today().isoformat()
    found = {}
    for phase in PHASES:
        *_, last = campus.store.names(f"{night}/{phase}")
        report = campus.store.read_json(f"{night}/{phase}/{last}/report.json")
        found[phase] = {name: report[name] for name in REPORTED}
    return found


@pytest.fixture(scope="module")
def shared(running: Production) -> Campus:
    """The university that the two workers serve."""
    return Campus(running.site.home, running.box, Cron())


@pytest.fixture(scope="module")
def night(running: Production, refused_run: str) -> dict[str, tuple[str, set[str]]]:
    """Of each phase, played in order: how it ended, and the machines that ran its tasks.

    The second phase begins with the first, which Moodle keeps waiting until the second is left to the triggerer.
    """
    deferred = threading.Event()
    running.box.moodle.faults.push("core_user_create_users", Run(lambda: deferred.wait(PATIENCE)))
    begun = {phase: running.start(phase) for phase in ("users", "cohorts")}
    eventually(lambda: running.tasks("cohorts", begun["cohorts"])["wait"]["state"] == "deferred")
    deferred.set()
    played = {}
    for phase in PHASES:
        run_id = begun.get(phase) or running.start(phase)
        state = running.airflow.wait_for_run(f"ecampus_{phase}", run_id)
        played[phase] = (state, {task["hostname"] for task in running.tasks(phase, run_id).values()})
    return played


@pytest.fixture(scope="module")
def alone(
    running: Production, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campus]:
    """The same university after the same night on one machine, by a LocalExecutor."""
    night: copies.Night = request.getfixturevalue("local_night")
    assert night.command.returncode == 0, night.command.stdout + night.command.stderr
    folder = tmp_path_factory.mktemp("alone")
    for part in ("sandbox", "store"):
        copied(night.checkout / ".ecampus" / part, folder / part)
    with open_box(folder / "sandbox", sync_every=None) as box:
        yield Campus(folder, box, Cron())


def test_a_whole_night_succeeds_and_both_workers_ran_tasks(night):
    assert {phase: state for phase, (state, _) in night.items()} == dict.fromkeys(PHASES, "success")
    assert set().union(*(machines for _, machines in night.values())) == set(WORKERS)


@pytest.mark.parametrize("of", [Campus.state, Campus.owned, reports], ids=["Moodle and the table", "owned", "reports"])
def test_the_night_leaves_what_a_single_machine_leaves(night, shared, alone, of):
    assert of(shared) == of(alone)


def test_a_worker_killed_in_the_middle_of_its_writes_is_replaced_by_the_other_one_in_the_same_run(
    running, night, shared
):
    airflow, faults = running.airflow, running.box.moodle.faults
    for new in ("NEUF", "AUTRE", "ENCORE"):  # renames by the hundred would be held, new codes are not
        shared.refer(
            "INSERT INTO refer_element SELECT annee, ? || '-' || code, libelle, code_categorie, 'N' FROM refer_element"
            " WHERE code LIKE 'L1CAS%'",
            new,
        )
    writing, dead = threading.Event(), threading.Event()
    faults.push("core_course_create_courses", Run(lambda: writing.set() or dead.wait(PATIENCE)), skip=1)
    run_id = running.start("offer")

    def apply() -> dict[str, Any]:
        return running.tasks("offer", run_id)["apply"]

    assert writing.wait(PATIENCE)
    killed = apply()["hostname"]
    process = airflow.processes.pop(killed)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    dead.set()
    assert not running.healthy(killed)
    eventually(lambda: apply()["state"] == "up_for_retry")
    at_once = {"dry_run": False, "dag_run_id": run_id, "task_ids": ["apply"], "only_failed": False}
    cleared = airflow.call("POST", "/dags/ecampus_offer/clearTaskInstances", at_once)
    assert cleared.json()["total_entries"] == 1
    assert airflow.wait_for_run("ecampus_offer", run_id) == "success"
    assert {killed, apply()["hostname"]} == set(WORKERS)
    made = sorted(key for key, *_ in shared.state()["courses"] if key and "-L1CAS" in key)
    assert len(made) == len(set(made)) > 50
    assert set(made) <= {name for name, *_, archived in shared.owned()["course"] if archived is None}
    assert not shared.store.exists("writing.json")


@pytest.fixture(scope="module")
def secrets(running: Production, night) -> dict[str, str]:
    """Every secret of the set, once its two nights that fail were played; they had secrets of their own."""
    ended = nights_that_fail.played(running)
    assert {state for state, _ in ended.values()} == {"failed"}
    files = {path.name: path.read_text().strip() for path in (running.site.place / "secrets").iterdir()}
    known = json.loads(files.pop("connections.json"))
    files = {name: secret for name, secret in files.items() if not name.endswith(("_url", "_dn"))}
    wrong = {f"the wrong secret of {phase}": secret for phase, (_, secret) in ended.items()}
    return (
        files
        | wrong
        | {"token": known["moodle"]["password"], "ldap": known["ldap"]["password"], "database": databases.PASSWORD}
    )


def test_the_nights_that_fail_say_why_without_a_secret(running, secrets):
    """What the tasks said is what is looked at below: it must be there."""
    told = nights_that_fail.dumped(running).decode()
    assert "refuse le jeton de la connexion « moodle »" in told
    assert "refuse le compte de la connexion « ldap »" in told


def test_no_secret_is_left_in_any_file(running, secrets):
    assert files_that_tell(running.site.home / "logs", secrets) == {}
    assert files_that_tell(running.site.home / "store", secrets) == {}
    assert files_that_tell(running.airflow.logs, secrets) == {}


def test_no_secret_is_left_in_the_metadata_xcoms_included(running, secrets):
    assert found_in(nights_that_fail.dumped(running), secrets) == set()


def test_no_secret_is_on_any_page_not_even_an_engineers(running, secrets):
    token = sign_in(running, ENGINEER).json()["access_token"]
    told = {page: ask(running, token, "GET", page) for page in nights_that_fail.pages(running)}
    assert {page: names for page, answer in told.items() if (names := found_in(answer.content, secrets))} == {}
    logs = [answer.text for page, answer in told.items() if "/logs/" in page]
    assert any("refuse le compte de la connexion « ldap »" in log for log in logs)


def test_no_secret_was_in_the_list_of_processes(running, secrets):
    assert found_in("\n".join(running.seen.commands).encode(), secrets) == set()
    assert any("celery worker" in command for command in running.seen.commands)
