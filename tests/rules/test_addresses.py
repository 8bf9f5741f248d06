"""E-mail addresses: what Moodle accepts, and the order in which they move."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.rules import addresses

GOOD = [
    "a@b.fr", "A.B+c@x-y.univ.fr", "o'neil@univ.fr", "a_b/c=d?e@univ.fr", "`{|}~^@univ.fr", "a@1.fr", "a@b--c.fr",
    "a@xn--bcher-kva.example", "a@b.xn--p1ai", '"a"@univ.fr', "5@suspendu.invalid",
    "x" * 64 + "@univ.fr", "x@" + "b" * 63 + ".fr", "x" * 39 + "@" + "b" * 57 + ".fr",
]  # fmt: skip
BAD = {
    "nothing": "", "no domain": "a", "no dot": "a@b", "an accent": "é@univ.fr", "another script": "a@bücher.fr",
    "a final dot": "a@univ.fr.", "a dot before the at": "a.@univ.fr", "a first dot": ".a@univ.fr",
    "a double dot": "a..b@univ.fr", "a double dot in the domain": "a@univ..fr", "a hyphen first": "a@-univ.fr",
    "a hyphen last": "a@univ-.fr", "an underscore in the domain": "a@un_iv.fr", "a number last": "a@univ.1fr",
    "a space": "a b@univ.fr", "two": "a@b@univ.fr", "a comma": "a,b@univ.fr", "brackets": "<a@univ.fr>",
    "brackets in quotes": '"a<b"@univ.fr', "a line break": "a@univ.fr\n", "a machine": "a@[127.0.0.1]",
    "65 characters before the at": "x" * 65 + "@univ.fr", "a label of 64": "x@" + "b" * 64 + ".fr",
    "101 characters": "x" * 40 + "@" + "b" * 57 + ".fr",
}  # fmt: skip


@pytest.mark.parametrize("mail", GOOD)
def test_moodle_accepts(mail):
    assert addresses.accepted(pd.Series([mail], dtype="str")).all()


@pytest.mark.parametrize("mail", BAD.values(), ids=BAD)
def test_moodle_refuses(mail):
    assert not addresses.accepted(pd.Series([mail], dtype="str")).any()


def order(**moves: str) -> str:
    """The uids in the order of their writes; ``uid="old new"``."""
    pairs = [move.split() for move in moves.values()]
    frame = pd.DataFrame({"uid": list(moves), "old": [old for old, _ in pairs], "new": [new for _, new in pairs]})
    return "".join(frame.loc[addresses.in_order(frame), "uid"])


def test_addresses_move_so_that_each_is_free_before_it_is_taken():
    assert order(a="1 2", b="2 3", c="3 4", d="9 8") == "cbad"
    assert order(c="1 2", b="2 3", a="3 4") == "abc"


def test_of_those_that_exchange_theirs_the_lowest_uid_comes_last():
    assert order(a="1 2", b="2 1") == "ba"
    assert order(a="1 2", b="2 3", c="3 1", d="5 1") == "cbad"


def test_an_address_that_only_changes_its_case_waits_for_nobody():
    assert order(a="X@univ.fr x@univ.fr") == "a"
