"""Invented data never reach a real system."""

import pytest

from ecampus.local.box import all_or_none
from ecampus.local.services import CommandImpossible


def test_four_connections_are_used_as_they_are():
    assert all_or_none(["refer", "ldap", "moodle", "enrolment_db"])


def test_without_any_the_sandbox_is_used():
    assert not all_or_none([])


def test_some_but_not_all_are_refused_and_the_missing_ones_named():
    with pytest.raises(CommandImpossible) as refused:
        all_or_none(["moodle", "refer"])
    assert str(refused.value) == (
        "Connexions manquantes : « ldap » (AIRFLOW_CONN_LDAP), « enrolment_db » (AIRFLOW_CONN_ENROLMENT_DB)."
        " Les définir toutes pour des systèmes réels, aucune pour le bac à sable."
    )


def test_moodles_own_database_may_be_left_out_but_never_reads_a_real_moodle_beside_the_sandbox():
    assert all_or_none(["refer", "ldap", "moodle", "enrolment_db", "moodle_db"])
    with pytest.raises(CommandImpossible, match=r"Connexions manquantes : « refer » .*, aucune pour le bac à sable\."):
        all_or_none(["moodle_db"])
