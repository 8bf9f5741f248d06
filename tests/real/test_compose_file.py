"""``docker-compose.yaml``: valid, every option known, no secret inside, the whole shape; each check is seen failing."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import Any

import pytest
import yaml
from audit import faults
from production import PROVIDERS, WORKERS

import compose
from ecampus.local import scheduler
from programs import Missing, driver, skip

SCHEMA = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
ABSENT = object()


@pytest.fixture(autouse=True, scope="module")
def _providers(request: pytest.FixtureRequest) -> None:
    try:
        for module in ("celery", "flask_appbuilder", "redis"):
            driver(module, PROVIDERS)
    except Missing as why:
        skip(why, request.config)


def changed(path: str, value: Any) -> compose.Compose:
    """The file with one thing changed, added or, if ``value`` is ABSENT, taken away."""
    file = copy.deepcopy(compose.read())
    *folders, last = path.split("/")
    place = file
    for folder in folders:
        place = place[folder]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return file


def test_an_operator_finds_nothing_to_refuse():
    assert faults(compose.read()) == []


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_loads_once_what_every_task_runs(worker):
    given = compose.read()["services"][worker]["environment"]["AIRFLOW__CELERY__EXTRA_CELERY_CONFIG"]
    assert json.loads(given) == {"imports": list(scheduler.LOADED)}


def test_it_follows_the_schema_of_compose():
    done = subprocess.run([*SCHEMA, str(compose.FILE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_word_that_compose_does_not_know_is_seen(tmp_path):
    wrong = tmp_path / "docker-compose.yaml"
    wrong.write_text(yaml.safe_dump(changed("services/redis/imagee", "redis")))
    done = subprocess.run([*SCHEMA, str(wrong)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "imagee" in done.stdout


SCHEDULER = "services/airflow-scheduler"
MISTAKES = [
    (f"{SCHEDULER}/environment/AIRFLOW__CORE__EXECUTER", "x", "airflow-scheduler: AIRFLOW__CORE__EXECUTER is no option of Airflow"),
    (f"{SCHEDULER}/environment/AIRFLOW__FAB__CONFIG", "x", "airflow-scheduler: AIRFLOW__FAB__CONFIG is no option of Airflow"),
    (f"{SCHEDULER}/environment/AIRFLOW__WEBSERVER__BASE_URL", "x", "airflow-scheduler: AIRFLOW__WEBSERVER__BASE_URL is no option of Airflow any more: since 3.0 it is AIRFLOW__API__BASE_URL"),
    (f"{SCHEDULER}/environment/AIRFLOW__METRICS__OTEL_HOST", "x", "airflow-scheduler: AIRFLOW__METRICS__OTEL_HOST is deprecated since Airflow "),
    (f"{SCHEDULER}/environment/AIRFLOW__CORE__EXECUTOR_CMD", "x", "airflow-scheduler: AIRFLOW__CORE__EXECUTOR_CMD: Airflow runs a command only for an option that is sensitive"),
    (f"{SCHEDULER}/environment/AIRFLOW__CELERY__BROKER_URL", "redis://redis", "airflow-scheduler: AIRFLOW__CELERY__BROKER_URL holds a secret in clear: give it by AIRFLOW__CELERY__BROKER_URL_CMD"),
    (f"{SCHEDULER}/environment/AIRFLOW__SECRETS__BACKEND_KWARGS", '{"token": "x"}', "airflow-scheduler: AIRFLOW__SECRETS__BACKEND_KWARGS holds a secret in clear: give it by AIRFLOW__SECRETS__BACKEND_KWARGS_CMD"),
    (f"{SCHEDULER}/environment/ECAMPUS_STOER", "x", "airflow-scheduler: ECAMPUS_STOER is read by no code"),
    (f"{SCHEDULER}/environment/ECAMPUS_LDAP_STAFF", ABSENT, "airflow-scheduler: ECAMPUS_LDAP_STAFF is missing, include/airflow/webserver_config.py reads it"),
    (f"{SCHEDULER}/environment/TZ", "${SOME_ZONE:-x}", "docs/deployment.md does not name the variable SOME_ZONE"),
    ("services/postgres/environment/POSTGRES_PASSWORD", "x", "postgres: POSTGRES_PASSWORD holds a secret in clear"),
    ("services/oracle/environment/REFER", "oracle://refer:x@oracle", "oracle: REFER holds a secret in clear"),
    ("services/redis/command", "redis-server --requirepass x", "redis: its command holds a secret in clear"),
    ("services/redis/secrets", [], "redis: reads /run/secrets/redis_password, which it does not mount"),
    ("services/redis/secrets", ["redis_password", "other"], "redis: the secret other is not declared"),
    ("secrets/redis_password", {"file": "./redis_password"}, "the secret redis_password is not a file of secrets/, which git ignores"),
    ("secrets/other", {"file": "./secrets/other"}, "the secret other is mounted by nobody"),
    ("secrets/other", {"file": "./secrets/other"}, "docs/deployment.md does not name the secret other"),
    ("services/airflow-triggerer", ABSENT, "the service airflow-triggerer is missing"),
    ("services/airflow-worker-2", ABSENT, "two workers at least: airflow-worker-1"),
    (f"{SCHEDULER}/healthcheck", ABSENT, "airflow-scheduler: no health check"),
    ("services/moodle/healthcheck", {"disable": True}, "moodle: no health check"),
    ("services/postgres/image", "postgres", "postgres: the image postgres names no version"),
    ("services/airflow-worker-1/profiles", ["rehearsal"], "airflow-worker-1: must run without a profile"),
    (f"{SCHEDULER}/environment/AIRFLOW__CORE__EXECUTOR", "LocalExecutor", "airflow-scheduler: the executor is not Celery's"),
    ("services/airflow-worker-2/volumes", ["logs:/opt/airflow/logs"], "airflow-worker-2: does not share the volume store"),
    ("services/openldap/profiles", ABSENT, "the profile rehearsal has no openldap"),
    ("services/oracle/image", "postgres:16", "the profile rehearsal has no oracle"),
    (f"{SCHEDULER}/command", "schedular", "airflow-scheduler: airflow schedular is no command of Airflow"),
    ("services/airflow-worker-1/command", "celery worker --line x", "airflow-worker-1: airflow celery worker --line x is no command of Airflow"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "sentence"), MISTAKES, ids=[sentence for *_, sentence in MISTAKES])
def test_a_mistake_is_seen(path, value, sentence):
    assert any(found.startswith(sentence) for found in faults(changed(path, value)))
