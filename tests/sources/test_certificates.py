"""A certificate that a database shows and that nobody vouches for is named as such, whatever the driver."""

from __future__ import annotations

import pytest

from ecampus.errors import SourceRefused
from ecampus.sources import sql

DatabaseError = type("DatabaseError", (Exception,), {})


@pytest.mark.parametrize(
    "words",
    [
        'connection to server at "db.univ.fr" (10.0.0.1), port 5432 failed: SSL error: certificate verify failed',
        'server certificate for "db.univ.fr" does not match host name "10.0.0.1"',
        "(2026, 'TLS/SSL error: self-signed certificate in certificate chain')",
        "DPY-6005: cannot connect to database.\n[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: expired",
        "ORA-29024: Certificate validation failure",
    ],
    ids=["libpq", "another name", "MariaDB", "oracledb", "Oracle"],
)
def test_it_is_named_as_such(words):
    error = type("OperationalError", (DatabaseError,), {})(words)
    with pytest.raises(SourceRefused) as refused, sql.telling("REFER", "la vue refer_porte"):
        raise error
    assert str(refused.value).startswith(
        "REFER présente un certificat qui n'est pas reconnu, ou à un autre nom : donner dans les options de la"
        " connexion le certificat de l'autorité qui l'a signé, et pour adresse le nom qu'il porte ("
    )
