"""Which account serves which person: by the register, else by the idnumber and the form of the login."""

from __future__ import annotations

import pytest

import tables
from ecampus.rules.people import UidForms, accounts
from world import university


def served(users: str, links: str = "user_id | population | code", forms: UidForms | None = None) -> list[str]:
    """«population code → username» of these accounts."""
    found = accounts(tables.frame("users", users), tables.owned(account=links)["account"], forms)
    rows = found.sort_values(["population", "code"]).itertuples()
    return [f"{row.population} {row.code} → {row.username}" for row in rows]


@pytest.mark.parametrize(
    ("username", "of"),
    [("e42", ["student 42 → e42"]), ("p42", ["staff 42 → p42"]), ("dupont", []), ("42", [])],
)
def test_an_account_that_the_register_does_not_know_serves_by_the_form_of_its_login(username, of):
    assert served(f"id | username | idnumber ; 5 | {username} | 42") == of


def test_by_the_register_it_serves_whatever_its_login_and_its_idnumber_have_become():
    users = "id | username | idnumber ; 5 | dupont | ; 6 | martin | AUTRE"
    links = "user_id | population | code ; 5 | staff | 42 ; 6 | student | 43"
    assert served(users, links) == ["staff 42 → dupont", "student 43 → martin"]


def test_what_the_register_knows_serves_nobody_else_by_its_idnumber():
    assert served("id | username | idnumber ; 5 | e42 | 12345", "user_id | population | code ; 5 | student | 42") == [
        "student 42 → e42"
    ]


def test_one_account_may_serve_two_people_of_the_register():
    links = "user_id | population | code ; 5 | student | 42 ; 5 | staff | 7"
    assert served("id | username | idnumber ; 5 | e42 | 42", links) == ["staff 7 → e42", "student 42 → e42"]


def test_a_code_that_two_accounts_of_one_population_carry_is_nobodys_of_two_populations_each_its_own():
    assert served("id | username | idnumber ; 5 | e1 | 42 ; 6 | e2 | 42 ; 7 | p3 | 42") == ["staff 42 → p3"]


def test_a_site_tells_the_form_of_its_logins_or_that_they_tell_nothing():
    users = "id | username | idnumber ; 5 | etu.42 | 42 ; 6 | prof.42 | 42"
    assert served(users, forms=UidForms(r"etu\..*", r"prof\..*")) == ["staff 42 → prof.42", "student 42 → etu.42"]
    assert served(users, forms=UidForms("", "")) == []
    assert served("id | username | idnumber ; 5 | e42 | 42", forms=UidForms(".*", ".*")) == []


TEACHING = {
    "element": "code ; A",
    "seance_ade": "code_element | code_enseignant ; A | 12345 ; A | 1 ; A | 2 ; A | 3 ; A | 4 ; A | 5 ; A | 6 ; A | 7 ; A | 8 ; A | 9",
}


@pytest.mark.parametrize("auth", ["cas", "manual"])
@pytest.mark.parametrize("username", ["e12345", "dupont"])
def test_a_student_or_a_manual_account_that_carries_a_teachers_code_teaches_nothing(auth, username):
    staff = " ; ".join(f"staff | {code}" for code in range(1, 10))
    world = university(**TEACHING, people=f"population | code ; {staff} ; student | 12345")
    world.by_hand("users", f"username | idnumber | auth ; {username} | 12345 | {auth}")
    world.night()
    assert "A | p1 | editingteacher" in world.table()
    assert not [row for row in world.table() if "12345" in row or username in row]
