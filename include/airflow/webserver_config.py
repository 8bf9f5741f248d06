"""Flask-AppBuilder's configuration: staff sign in with their university account and see; engineers act.

A group of a composante sees too, and has a role, by which the pages know what to show (``ecampus_composantes``).
Whoever is in neither group is refused, and nothing about them enters Airflow's database. Needs ``python-ldap``.
"""

import json
import os
from pathlib import Path

from flask_appbuilder.const import AUTH_LDAP
from ldap.filter import escape_filter_chars


def _secret(variable: str) -> str:
    """The content of the file that the variable names.

    FAB takes a FileNotFoundError here for a configuration that nobody wrote, and signs in with its own accounts.
    """
    path = Path(os.environ[variable])
    try:
        return path.read_text().strip()
    except OSError as error:
        raise RuntimeError(f"Secret illisible ({variable}) : {path} ({error.strerror}).") from error


AUTH_TYPE = AUTH_LDAP
AUTH_LDAP_SERVER = os.environ["ECAMPUS_LDAP_SERVER"]
AUTH_LDAP_TLS_DEMAND = True
AUTH_LDAP_TLS_CACERTFILE = os.environ["ECAMPUS_LDAP_CA_FILE"]
AUTH_LDAP_BIND_USER = _secret("ECAMPUS_LDAP_BIND_DN_FILE")
AUTH_LDAP_BIND_PASSWORD = _secret("ECAMPUS_LDAP_BIND_PASSWORD_FILE")
AUTH_LDAP_SEARCH = os.environ["ECAMPUS_LDAP_BASE"]
AUTH_LDAP_UID_FIELD = "uid"
AUTH_LDAP_FIRSTNAME_FIELD = "givenName"
AUTH_LDAP_LASTNAME_FIELD = "sn"
AUTH_LDAP_EMAIL_FIELD = "mail"
AUTH_LDAP_GROUP_FIELD = "memberOf"

AUTH_ROLES_MAPPING = {
    os.environ["ECAMPUS_LDAP_STAFF"]: ["Viewer"],
    os.environ["ECAMPUS_LDAP_ENGINEERS"]: ["Op"],
}
for _group, _role in json.loads(os.environ.get("ECAMPUS_LDAP_COMPOSANTES") or "{}").items():
    AUTH_ROLES_MAPPING[_group] = [*AUTH_ROLES_MAPPING.get(_group, ["Viewer"]), _role]
AUTH_LDAP_SEARCH_FILTER = f"(|{''.join(f'(memberOf={escape_filter_chars(group)})' for group in AUTH_ROLES_MAPPING)})"
AUTH_ROLES_SYNC_AT_LOGIN = True
AUTH_USER_REGISTRATION = True
AUTH_USER_REGISTRATION_ROLE = "Public"
