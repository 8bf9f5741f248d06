"""What is ours, as frames and as tables: the same states."""

from __future__ import annotations

from contextlib import closing

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecampus.register import owned, tables
from ecampus.register.owned import IDENTITY, SHAPES
from ecampus.register.register import Register
from registers import members, run, sqlite_hook

NUMBERS = st.integers(1, 3)
VALUES = {
    "int64": NUMBERS,
    "Int64": st.none() | NUMBERS,
    "str": st.sampled_from(["A", "a", "A ", "É", "É", "😀", "%(x)s", ":x", "O'x"]),
    "bool": st.booleans(),
}
FILLED = {"code", "key", "idnumber", "population", "course_idnumber", "username", "role"}
MAY_LACK = {"population", "suspended", "frozen", "address", "created", "since", "scope", "archived"}


def test_recognising_an_account_again_does_not_forget_that_we_suspended_it():
    ours = owned.owning("account", owned.empty()["account"], account(4, "student", code="S1", suspended=True))
    found = owned.owning("account", ours, pd.concat([account(4, "student", code="S1"), account(9, "staff", code="T9")]))
    assert found[["user_id", "code", "suspended"]].to_numpy().tolist() == [[4, "S1", True], [9, "T9", False]]


def test_one_account_has_two_identities():
    ours = owned.owning("account", owned.empty()["account"], account(4, "student", code="S1"))
    ours = owned.owning("account", ours, account(4, "staff", code="T1"))
    assert owned.disowning("account", ours, account(4, "student"))["code"].tolist() == ["T1"]


def account(user_id, population, **more):
    return pd.DataFrame([{"user_id": user_id, "population": population} | more])


def test_a_row_removed_by_hand_is_not_ours_any_more():
    ours = owned.empty() | {"group_member": members((5, 1), (5, 2), (6, 1))}
    existing = {"groups": pd.DataFrame({"id": [5]}), "group_members": members((5, 1), (5, 9))}
    assert owned.without_removed(ours, existing)["group_member"].to_numpy().tolist() == [[5, 1], [6, 1]]


def test_a_membership_that_a_plugin_holds_is_not_ours_any_more():
    ours = owned.empty() | {"group_member": members((5, 1), (5, 2))}
    existing = {"groups": pd.DataFrame({"id": [5]}), "group_members": members((5, 1), (5, 2))}
    held = existing | {"held_members": members((5, 2))}
    assert owned.without_removed(ours, held)["group_member"].to_numpy().tolist() == [[5, 1]]


@st.composite
def changes(draw):
    """Gains and losses of one kind, with some of the columns; a row may come twice."""
    kind = draw(st.sampled_from(list(SHAPES)))
    steps = []
    for _ in range(draw(st.integers(1, 4))):
        lacking = draw(st.sets(st.sampled_from(sorted(MAY_LACK & set(SHAPES[kind])) or [""])))
        columns = {name: type_ for name, type_ in SHAPES[kind].items() if name not in lacking}
        values = {n: VALUES[t] if n in FILLED or t != "str" else st.none() | VALUES[t] for n, t in columns.items()}
        rows = draw(st.lists(st.fixed_dictionaries(values), max_size=6))
        frame = pd.DataFrame(rows, columns=list(columns)).astype(columns)
        steps.append((draw(st.sampled_from(["own", "own", "disown"])), frame))
    return kind, steps


@pytest.fixture(scope="module")
def hook(tmp_path_factory):
    hook = sqlite_hook(tmp_path_factory.mktemp("register"))
    Register(hook).prepare()
    return hook


@pytest.fixture(scope="module")
def lease(hook):
    with Register(hook).lease("r") as lease:
        yield lease


@settings(max_examples=150, deadline=None)
@given(changes())
def test_gains_and_losses_do_the_same_to_tables_as_to_frames(hook, lease, given_changes):
    kind, steps = given_changes
    expected = owned.empty()[kind]
    run(hook, f"DELETE FROM ecampus_{kind}")
    for verb, frame in steps:
        if verb == "own":
            expected = owned.owning(kind, expected, frame)
            lease.own(kind, frame)
        else:
            expected = owned.disowning(kind, expected, frame)
            lease.disown(kind, frame)
    lease.commit()
    with closing(hook.get_conn()) as connection:
        found = tables.frame(connection, f"ecampus_{kind}", SHAPES[kind])
    pd.testing.assert_frame_equal(ordered(kind, found), ordered(kind, expected))


def ordered(kind, frame):
    return frame.sort_values(IDENTITY[kind], ignore_index=True)


def test_more_rows_than_a_list_of_sql_holds_keep_their_other_values(tmp_path):
    hook = sqlite_hook(tmp_path)
    Register(hook).prepare()
    many = pd.DataFrame({"user_id": range(1200), "population": "student", "code": "S", "address": "a@b"})
    with Register(hook).lease("r") as lease:
        lease.own("account", many)
        lease.own("account", many[["user_id", "population"]].assign(suspended=True))
    ours = Register(hook).owned()["account"]
    assert len(ours) == 1200
    assert ours["suspended"].all()
    assert (ours["address"] == "a@b").all()
