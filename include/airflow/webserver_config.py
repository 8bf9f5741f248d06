"""Flask-AppBuilder's configuration: staff sign in with their university account and see; engineers act."""

import os
from pathlib import Path

from flask_appbuilder.const import AUTH_LDAP

SECRETS = Path("/run/secrets")

AUTH_TYPE = AUTH_LDAP
AUTH_LDAP_SERVER = os.environ["ECAMPUS_LDAP_SERVER"]
AUTH_LDAP_SEARCH = os.environ["ECAMPUS_LDAP_BASE"]
AUTH_LDAP_BIND_USER = (SECRETS / "ldap_bind_dn").read_text().strip()
AUTH_LDAP_BIND_PASSWORD = (SECRETS / "ldap_bind_password").read_text().strip()
AUTH_LDAP_UID_FIELD = "uid"
AUTH_LDAP_FIRSTNAME_FIELD = "givenName"
AUTH_LDAP_LASTNAME_FIELD = "sn"
AUTH_LDAP_EMAIL_FIELD = "mail"
AUTH_LDAP_GROUP_FIELD = "memberOf"

AUTH_ROLES_MAPPING = {
    os.environ["ECAMPUS_LDAP_STAFF"]: ["Viewer"],
    os.environ["ECAMPUS_LDAP_ENGINEERS"]: ["Op"],
}
AUTH_ROLES_SYNC_AT_LOGIN = True
AUTH_USER_REGISTRATION = True
AUTH_USER_REGISTRATION_ROLE = "Public"
PERMANENT_SESSION_LIFETIME = 8 * 3600
