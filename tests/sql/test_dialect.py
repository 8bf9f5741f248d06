"""Every statement that a DBA or the package runs on Oracle: parsed as Oracle, shaped as the contract wants."""

from __future__ import annotations

import re
from itertools import takewhile

import miniature
import pytest
from sqlglot import exp, parse

from ecampus import contract
from ecampus.sources import sql

APOGEE = [*miniature.FILES, miniature.EAD]
REFER = sorted((sql.FOLDER / "refer").glob("*.sql"))
VIEWS = {file.stem.removeprefix("refer_"): file for file in APOGEE if file.stem.startswith("refer_")}


def named(file):
    return f"{file.parent.name}/{file.name}"


def the_only(text):
    (statement,) = parse(text, read="oracle")
    assert not list(statement.find_all(exp.Command)), "not understood, only kept as text"
    return statement


@pytest.mark.parametrize("file", REFER, ids=named)
def test_what_the_package_reads_is_one_select_of_oracle_bound_to_the_year(file):
    select = the_only(file.read_text(encoding="utf-8"))
    assert isinstance(select, exp.Select)
    assert [bind.name for bind in select.find_all(exp.Placeholder)] == ["annee"]
    assert select.named_selects == list(contract.REFER[file.stem].declared)


@pytest.mark.parametrize("file", APOGEE, ids=named)
def test_a_view_over_apogee_is_one_statement_of_oracle_that_can_be_run_again(file):
    view = the_only(file.read_text(encoding="utf-8"))
    assert isinstance(view, exp.Create)
    assert (view.kind, view.args["replace"]) == ("VIEW", True)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_over_apogee_has_the_columns_of_its_contract(view):
    query = the_only(VIEWS[view].read_text(encoding="utf-8")).expression
    assert query.named_selects == ["annee", *contract.REFER[view].declared]


def test_every_view_has_its_file_but_that_of_ade():
    assert sorted(VIEWS) == sorted(set(contract.REFER) - {"seance_ade"})


@pytest.mark.parametrize("file", APOGEE, ids=named)
def test_sqlplus_reads_the_file_whole(file):
    text = file.read_text(encoding="utf-8")
    assert text.endswith(";\n")
    assert "\n\n" not in text, "an empty line ends a statement"
    assert "&" not in text, "an ampersand asks for a value"


@pytest.mark.parametrize("file", APOGEE, ids=named)
def test_the_comment_names_the_tables_of_apogee_that_the_view_reads(file):
    text = file.read_text(encoding="utf-8")
    comment = " ".join(takewhile(lambda line: line.startswith("--"), text.splitlines()))
    read = {table.name.upper() for table in the_only(text).find_all(exp.Table)}
    assert {table for table in read & apogee_tables() if table not in comment} <= {
        "INDIVIDU",
        "LISTE_ELP",
        "COMPOSANTE",
    }


@pytest.mark.parametrize("file", APOGEE, ids=named)
def test_a_view_reads_tables_of_apogee_and_views_made_before_it(file):
    made = {view_name(other) for other in miniature.FILES if other.name < file.name}
    text = file.read_text(encoding="utf-8")
    inner = {common.alias.upper() for common in the_only(text).find_all(exp.CTE)}
    read = {table.name.upper() for table in the_only(text).expression.find_all(exp.Table)}
    assert read - inner <= apogee_tables() | made


def test_the_page_asks_for_the_grants_that_the_views_need_and_no_other():
    granted = set(re.findall(r"GRANT SELECT ON apogee\.(\w+)", miniature.PAGE.read_text(encoding="utf-8")))
    assert {table.upper() for table in granted} == apogee_tables()


def test_the_statements_of_the_page_are_oracle():
    grants, ade = miniature.statements_of_the_page()
    assert all(isinstance(grant, exp.Grant) for grant in parse(grants.rstrip().removesuffix(";"), read="oracle"))
    assert the_only(ade).expression.named_selects == ["annee", *contract.REFER["seance_ade"].declared]


def view_name(file):
    return the_only(file.read_text(encoding="utf-8")).this.name.upper()


def apogee_tables():
    schema = (miniature.HERE / "schema.sql").read_text(encoding="utf-8")
    return {table.upper() for table in re.findall(r"CREATE TABLE (\w+)", schema)}
