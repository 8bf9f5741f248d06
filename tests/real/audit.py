"""What an operator would refuse in ``docker-compose.yaml``: each check gives sentences, none when all is well."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

from compose import REFERENCE, ROOT, Compose, ours

LONG_RUNNING = [f"airflow-{name}" for name in ("apiserver", "scheduler", "dag-processor", "triggerer")]
PRODUCTION = ["postgres", "redis", "airflow-init", *LONG_RUNNING]
REHEARSAL = {"openldap": "openldap", "mariadb": "mariadb", "moodle": "moodle", "oracle": "oracle-free"}
SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|KEY|CREDENTIAL")
CLEAR = re.compile(r"://[^/\s]*:[^@\s]+@|--?\w*pass\w*[= ]['\"]?\w", re.IGNORECASE)
SWITCHES = {"1", "true", "yes"}
MOUNTED = re.compile(r"/run/secrets/([\w.]+)")
NEVER_DIES = {"airflow-init"}


def faults(file: Compose) -> list[str]:
    """Every sentence of every check."""
    return [sentence for check in (settings, variables, secrets, shape, commands) for sentence in check(file)]


def settings(file: Compose) -> Iterator[str]:
    """Every ``AIRFLOW__…`` is an option of Airflow or of its providers, given the way Airflow takes it."""
    for service, name, value in _given(file):
        if not name.startswith("AIRFLOW__"):
            continue
        option, command = options().get(name), options().get(re.sub("_(CMD|SECRET)$", "", name))
        if option is None and command is None:
            yield f"{service}: {name} is no option of Airflow{_moved(name)}"
        elif option is None and not (command or {}).get("sensitive"):
            yield f"{service}: {name}: Airflow runs a command only for an option that is sensitive"
        elif option and option.get("version_deprecated"):
            yield f"{service}: {name} is deprecated since Airflow {option['version_deprecated']}"
        elif option and option.get("sensitive") and not _only_paths(value):
            yield f"{service}: {name} holds a secret in clear: give it by {name}_CMD"


def variables(file: Compose) -> Iterator[str]:
    """Every ``ECAMPUS_…`` is one that the code reads, and every one that sign-in needs is there."""
    read = _read_by("plugins", "include/airflow")
    for service, name, _ in _given(file):
        if name.startswith("ECAMPUS_") and name not in read:
            yield f"{service}: {name} is read by no code"
    for service in ours(file):
        for name in sorted(_read_by("include/airflow") - set(ours(file)[service]["environment"])):
            yield f"{service}: {name} is missing, include/airflow/webserver_config.py reads it"
    told = (ROOT / "docs" / "deployment.md").read_text()
    for found in sorted({match["name"] or match["bare"] for match in REFERENCE.finditer(json.dumps(file))} - {None}):
        if f"`{found}`" not in told:
            yield f"docs/deployment.md does not name the variable {found}"


def secrets(file: Compose) -> Iterator[str]:
    """No secret is in the file; each is a file that git ignores, explained, mounted where it is read."""
    told, ignored = (ROOT / "docs" / "deployment.md").read_text(), (ROOT / ".gitignore").read_text().splitlines()
    for service, name, value in _given(file):
        hidden = name.endswith(("_FILE", "_CMD")) or name.startswith("AIRFLOW__") or value in SWITCHES
        if (SECRET.search(name) and not hidden) or CLEAR.search(value):
            yield f"{service}: {name} holds a secret in clear"
    used = set()
    for name, service in file["services"].items():
        mounted = set(service.get("secrets", []))
        used |= mounted
        if CLEAR.search(" ".join(_words(service))):
            yield f"{name}: its command holds a secret in clear"
        for secret in sorted(set(MOUNTED.findall(json.dumps(service))) - mounted):
            yield f"{name}: reads /run/secrets/{secret}, which it does not mount"
        for secret in sorted(mounted - set(file["secrets"])):
            yield f"{name}: the secret {secret} is not declared"
    for secret, where in file["secrets"].items():
        if where != {"file": f"./secrets/{secret}"} or "secrets/" not in ignored:
            yield f"the secret {secret} is not a file of secrets/, which git ignores"
        if secret not in used:
            yield f"the secret {secret} is mounted by nobody"
        if f"`{secret}`" not in told:
            yield f"docs/deployment.md does not name the secret {secret}"


def shape(file: Compose) -> Iterator[str]:
    """The services of production, two workers, a store that they share, health checks, the four to rehearse on."""
    services = file["services"]
    workers = [name for name, service in ours(file).items() if service["command"].startswith("celery worker")]
    yield from (f"the service {name} is missing" for name in PRODUCTION if name not in services)
    if len(workers) < 2:
        yield f"two workers at least: {', '.join(workers)}"
    for name, service in services.items():
        if name not in NEVER_DIES and "test" not in service.get("healthcheck", {}):
            yield f"{name}: no health check"
        if ":" not in service["image"] or service["image"].endswith(":latest"):
            yield f"{name}: the image {service['image']} names no version"
        if "profiles" in service and (name in PRODUCTION or name in workers):
            yield f"{name}: must run without a profile"
    for name, service in ours(file).items():
        if service["environment"].get("AIRFLOW__CORE__EXECUTOR") != "CeleryExecutor":
            yield f"{name}: the executor is not Celery's"
        for volume in ("logs", "store"):
            if f"{volume}:/opt/airflow/{volume}" not in service["volumes"]:
                yield f"{name}: does not share the volume {volume}"
    for name, image in REHEARSAL.items():
        if services.get(name, {}).get("profiles") != ["rehearsal"] or image not in services[name]["image"]:
            yield f"the profile rehearsal has no {name}"


def commands(file: Compose) -> Iterator[str]:
    """Every command exists in Airflow's own command line, the providers' included."""
    from airflow.cli.cli_parser import get_parser

    for name, service in ours(file).items():
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                get_parser().parse_args(shlex.split(service["command"]))
        except SystemExit:
            yield f"{name}: airflow {service['command']} is no command of Airflow"


@cache
def options() -> dict[str, dict[str, Any]]:
    """Airflow's own list of options, the providers' included, by environment variable."""
    from airflow.configuration import conf
    from airflow.providers_manager import ProvidersManager

    ProvidersManager().initialize_providers_configuration()
    return {
        _variable(section, option): described
        for section, content in conf.configuration_description.items()
        for option, described in content["options"].items()
    }


def _variable(section: str, option: str) -> str:
    return f"AIRFLOW__{section.replace('.', '_')}__{option}".upper()


def _moved(name: str) -> str:
    from airflow.configuration import conf

    for new, (section, option, version) in conf.deprecated_options.items():
        if name == _variable(section, option):
            return f" any more: since {version} it is {_variable(*new)}"
    return ""


def _given(file: Compose) -> Iterator[tuple[str, str, str]]:
    for service, content in file["services"].items():
        for name, value in content.get("environment", {}).items():
            yield service, name, str(value)


def _only_paths(value: str) -> bool:
    with contextlib.suppress(ValueError):
        return all(MOUNTED.fullmatch(str(word)) for word in json.loads(value).values())
    return False


def _words(service: Compose) -> list[str]:
    command = service.get("command", [])
    return [command] if isinstance(command, str) else command


@cache
def _read_by(*folders: str) -> frozenset[str]:
    sources = [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return frozenset(re.findall(r"[\"'](ECAMPUS_[A-Z_]+)[\"']", "\n".join(sources)))
