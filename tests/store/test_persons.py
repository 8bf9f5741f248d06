"""Who is meant by a code or a login, which rows are about them, and their going, whatever kills it."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.errors import PersonRefused
from ecampus.store import person as of
from ecampus.store import persons
from ecampus.store.files import Store
from ecampus.store.person import Person

ANNA = Person(
    frozenset({("student", "22100123")}),
    frozenset({"22100123"}),
    frozenset({"e1"}),
    frozenset({42}),
    frozenset({"anna@univ.fr"}),
)


def people(*rows: tuple[str, str, str, str | None], night: str = "n1") -> pd.DataFrame:
    """What the directory said one night: entry, population, code, uid."""
    columns = ["entry", "population", "code", "uid"]
    frame = pd.DataFrame(rows, columns=columns, dtype="str").assign(mail=pd.Series(dtype="str"))
    return persons.facts(f"{night}/source/people.parquet", frame)


def accounts(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """What is ours: user_id, population, code."""
    frame = pd.DataFrame(rows, columns=["user_id", "population", "code"]).assign(address=None)
    return persons.facts("owned/account.parquet", frame)


def users(*rows: tuple[int, str, str | None]) -> pd.DataFrame:
    """What Moodle has: id, username, idnumber."""
    frame = pd.DataFrame(rows, columns=["id", "username", "idnumber"]).assign(email=pd.Series(dtype="str"))
    return persons.facts("existing/users.parquet", frame)


def test_a_code_and_a_login_name_the_same_person():
    known = [people(("uid=e1", "student", "S1", "e1")), accounts((42, "student", "S1")), users((42, "e1", "S1"))]
    by_code, by_login = persons.identified("s1", known), persons.identified("E1", known)
    assert by_code == by_login
    assert (by_code.codes, by_code.logins, by_code.ids) == ({("student", "S1")}, {"e1"}, {42})


def test_every_login_that_the_account_had_is_theirs():
    known = [accounts((42, "student", "S1")), users((42, "e1", "S1")), users((42, "e1bis", "S1"))]
    assert persons.identified("S1", known).logins == {"e1", "e1bis"}


@pytest.mark.parametrize(
    "linked",
    [
        [people(("uid=e1", "student", "S1", "e1"), ("uid=e1", "staff", "T1", "e1"))],
        [accounts((42, "student", "S1"), (42, "staff", "T1"))],
    ],
    ids=["one entry", "one account"],
)
def test_who_studies_and_teaches_is_one_person_with_two_codes(linked):
    assert persons.identified("S1", linked).codes == {("student", "S1"), ("staff", "T1")}


def test_a_login_that_passed_to_somebody_else_asks_for_the_code():
    known = [people(("uid=e1", "student", "S1", "e1")), people(("uid=e1", "student", "S2", "e1"), night="n2")]
    with pytest.raises(PersonRefused) as refused:
        persons.identified("e1", known)
    assert str(refused.value) == (
        "« e1 » a désigné plusieurs personnes : S1 (étudiant, e1), S2 (étudiant, e1) ; redemander par ce qui n'est qu'à"
        " une seule, son code ou son identifiant."
    )
    assert persons.identified("S1", known).logins == set()
    assert persons.identified("S1", known).recycled == {"e1"}


def test_a_code_of_both_populations_asks_for_the_login():
    known = [people(("uid=e1", "student", "417", "e1"), ("uid=p1", "staff", "417", "p1"))]
    with pytest.raises(PersonRefused, match=r"417 \(personnel, p1\), 417 \(étudiant, e1\)"):
        persons.identified("417", known)
    found = persons.identified("p1", known)
    assert (found.codes, found.alone, found.logins) == ({("staff", "417")}, set(), {"p1"})


def test_an_account_that_only_moodle_knows_is_found_by_its_login():
    assert persons.identified("tuteur", [users((7, "tuteur", None))]).ids == {7}


def test_somebody_whom_only_refer_knows_has_the_code_that_was_asked():
    assert persons.identified("S9", []).codes == {("student", "S9"), ("staff", "S9")}


def test_the_journal_alone_says_who_somebody_was():
    change = {"object": "account", "verb": "create", "key": "e1", "place": "S1", "role": "student", "moodle_id": 42}
    told = persons.facts("journal/0.parquet", plan.of_items([change | {"after": '{"email": "anna@univ.fr"}'}]))
    found = persons.identified("S1", [told])
    assert (found.logins, found.ids, found.addresses) == ({"e1"}, {42}, {"anna@univ.fr"})


@pytest.mark.parametrize(
    ("columns", "about"),
    [
        ({"code_etudiant": "22100123"}, True),
        ({"code_etudiant": "022100123"}, True),
        ({"code_etudiant": "221001230"}, False),
        ({"code_enseignant": "22100123"}, False),
        ({"population": "staff", "code": "22100123"}, False),
        ({"population": "student", "code": "22100123"}, True),
        ({"code": "22100123", "libelle": "un élément"}, False),
        ({"username": "e1"}, True),
        ({"username": "e10", "id": 42}, True),
        ({"id": 42, "shortname": "un cours"}, False),
        ({"user_id": 42}, True),
        ({"object": "account", "moodle_id": 42}, True),
        ({"object": "course", "moodle_id": 42}, False),
        ({"object": "group_member", "key": "A / G / e1", "moodle_id": 7}, True),
        ({"sentence": "…", "key": "A / 22100123"}, True),
        ({"sentence": "…", "key": "A / 22100123-TD1"}, False),
        ({"username": "e2", "email": "anna@univ.fr"}, False),
    ],
)
def test_a_row_is_about_somebody_when_a_column_that_names_people_holds_them(columns, about):
    frame = pd.DataFrame([columns, dict.fromkeys(columns)])
    assert of.about(frame, ANNA).tolist() == [about, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'étudiant 22100123 n'a pas de groupe.", "L'étudiant (effacé) n'a pas de groupe."),
        ("compte e1, puis E1.", "compte (effacé), puis (effacé)."),
        ("uid=e1,ou=people", "uid=(effacé),ou=people"),
        ("Email address already exists: anna@univ.fr", "Email address already exists: (effacé)"),
        ("e1.suite e1-bis be1 e10 joanna@univ.fr 122100123", "e1.suite e1-bis be1 e10 joanna@univ.fr 122100123"),
    ],
)
def test_a_text_loses_what_names_somebody_and_nothing_else(text, expected):
    assert of.without_name(text, ANNA) == expected


def test_a_code_so_short_that_it_may_be_any_number_is_left_in_texts():
    short = Person(frozenset({("staff", "417")}), frozenset({"417"}))
    assert of.without_name("417 groupes", short) == "417 groupes"
    assert of.about(pd.DataFrame({"code_enseignant": ["417", "41"]}), short).tolist() == [True, False]


def kept(store: Store) -> Store:
    """Two people in a few files."""
    both = pd.DataFrame({"username": ["e1", "e2"], "id": pd.array([42, 43], dtype="Int64"), "email": [None, None]})
    for night in ("2026-11-22", "2026-11-23"):
        store.write_frame(f"{night}/users/r/existing/users.parquet", both.assign(idnumber=None))
        store.write_frame(
            f"{night}/users/r/plan.parquet", plan.typed(both.assign(object="account", key=both["username"]))
        )
        store.write(f"{night}/users/r/report.html", b"<td>Compte : e1</td>\n<td>Compte : e2</td>")
        store.write_json(f"{night}/users/r/report.json", {"reason": "e1 est de trop"})
    store.write("2026-11-23/users/r/.plan.parquet." + 32 * "a", b"e1")
    return store


def content(store: Store) -> dict[str, object]:
    return {
        name: store.read_frame(name).to_dict("list") if name.endswith(".parquet") else store.read(name)
        for name in store.everything()
    }


def test_an_erasure_takes_somebody_out_of_every_file_and_leaves_the_others(tmp_path):
    store = kept(Store(tmp_path))
    assert persons.erased(store, ANNA) == 8
    for name in store.everything():
        if name.endswith(".parquet"):
            assert store.read_frame(name)["username"].tolist() == ["e2"]
            assert str(store.read_frame(name).dtypes.get("id", "Int64")) == "Int64"
    assert store.read("2026-11-22/users/r/report.html") == b"<td>Compte : (effac\xc3\xa9)</td>\n<td>Compte : e2</td>"
    assert store.read_json("2026-11-22/users/r/report.json") == {"reason": "(effacé) est de trop"}
    assert not [name for name in store.everything() if "/.plan" in name]


def test_a_file_that_names_nobody_is_not_written_again(tmp_path, monkeypatch):
    store = kept(Store(tmp_path))
    persons.erased(store, ANNA)
    monkeypatch.setattr(Store, "write", lambda *_: pytest.fail("written again"))
    assert persons.erased(store, ANNA) == 0


@pytest.mark.parametrize("survives", range(8))
def test_killed_at_any_file_and_called_again_it_ends_the_same(tmp_path, monkeypatch, survives):
    whole, killed = kept(Store(tmp_path / "whole")), kept(Store(tmp_path / "killed"))
    persons.erased(whole, ANNA)
    real, calls = Store.write, iter(range(survives))

    def write(store: Store, name: str, content: bytes) -> None:
        next(calls)
        real(store, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", write)
        with pytest.raises(StopIteration):
            persons.erased(killed, ANNA)
    persons.erased(killed, ANNA)
    assert content(killed) == content(whole)


def test_who_is_being_erased_is_written_down_and_read_back():
    assert Person.from_json(ANNA.as_json()) == ANNA


def test_the_export_tells_rows_and_lines_file_by_file(tmp_path):
    found = persons.kept(kept(Store(tmp_path)), ANNA)
    assert found["2026-11-22/users/r/existing/users.parquet"] == [{"username": "e1", "id": 42}]
    assert found["2026-11-22/users/r/report.html"] == ["Compte : e1"]
    assert set(found) == {f"2026-11-{day}/users/r/{name}" for day in (22, 23) for name in (
        "existing/users.parquet", "plan.parquet", "report.html", "report.json",
    )}  # fmt: skip
