"""E-mail addresses: exchanged, handed on, given up by those who left and given back."""

from __future__ import annotations

import pytest

from world import World, codes, university, verbs


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(people="code ; S1 ; S2 ; S3")
    world.play("users")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def mails(world: World) -> list[str]:
    return [line for line in world.see("users", "username | email") if line.startswith("es")]


def people(*mails: str) -> str:
    """S1, S2… with these addresses; a dash: not in LDAP."""
    rows = [f"S{n} | {mail}@univ.fr" for n, mail in enumerate(mails, 1) if mail != "-"]
    return "code | mail ; " + " ; ".join(rows)


@pytest.mark.parametrize(
    "wanted",
    [
        ("es2", "es1", "es3"),
        ("es2", "es3", "es1"),
        ("es3", "es1", "es2"),
        ("es2", "es3", "neuf"),
        ("neuf", "es1", "es2"),
    ],
    ids=["two", "three", "three the other way", "a chain", "a chain the other way"],
)
def test_addresses_are_exchanged_and_handed_on_within_one_night(world, wanted):
    draft = world.change(people=people(*wanted)).play("users")
    assert codes(draft) == []
    assert mails(world) == [f"es{n} | {mail}@univ.fr" for n, mail in enumerate(wanted, 1)]
    assert verbs(world.draft("users")) == []


def test_a_newcomer_takes_the_address_that_the_end_of_a_chain_leaves(world):
    world.change(people=people("neuf", "es1", "es3", "es2")).play("users")
    assert mails(world) == ["es1 | neuf@univ.fr", "es2 | es1@univ.fr", "es3 | es3@univ.fr", "es4 | es2@univ.fr"]


def test_who_cannot_have_another_keeps_its_own_and_those_who_wait_for_it_keep_theirs(world):
    world.by_hand("users", "username | email | auth ; invite | pris@univ.fr | manual")
    draft = world.change(people=people("pris", "es1", "es2")).draft("users")
    assert (verbs(draft), codes(draft)) == (
        [],
        ["EMAIL_DOUBLE es1 / S1", "EMAIL_DOUBLE es2 / S2", "EMAIL_DOUBLE es3 / S3"],
    )


def test_whoever_left_gives_up_its_address_to_a_newcomer_who_has_it_in_the_directory(world):
    world.change(people=people("-", "es2", "es3")).play("users")
    draft = world.change(people=people("-", "es2", "es3", "es1")).play("users")
    assert (verbs(draft), codes(draft)) == (["account update es1", "account create es4"], [])
    left = world.id("users", "es1")
    assert mails(world)[0] == f"es1 | {left}@suspendu.invalid"
    assert mails(world)[3] == "es4 | es1@univ.fr"
    account = world.owned["account"].set_index("user_id").loc[left]
    assert (account["address"], bool(account["suspended"])) == ("es1@univ.fr", True)
    assert verbs(world.draft("users")) == []


def test_whoever_leaves_tonight_gives_it_up_tonight_once_suspended(world):
    draft = world.change(people=people("-", "es2", "es3", "es1")).play("users")
    assert verbs(draft) == ["account suspend es1", "account update es1", "account create es4"]
    assert draft.changes["needs"].tolist()[1] == "account|suspend|es1"
    assert mails(world)[3] == "es4 | es1@univ.fr"


def test_nobody_gives_up_an_address_that_nobody_wants(world):
    world.change(people=people("-", "es2", "es3")).play("users")
    assert mails(world)[0] == "es1 | es1@univ.fr"


def test_back_it_has_the_address_of_the_directory_and_the_register_forgets_the_other(world):
    world.change(people=people("-", "es2", "es3", "es1")).play("users")
    world.change(people=people("retour", "es2", "es3", "es1")).play("users")
    assert mails(world)[0] == "es1 | retour@univ.fr"
    world.change().play("users")
    assert world.owned["account"]["address"].isna().all()


def test_back_without_an_address_in_the_directory_it_has_its_own_again_unless_it_is_taken(world):
    world.change(people=people("-", "es2", "es3", "es1")).play("users")
    back = "code | mail ; S1 |  ; S2 | es2@univ.fr ; S3 | es3@univ.fr ; S4 | "
    world.change(people=back + "es1@univ.fr").play("users")
    assert mails(world)[0].endswith("@suspendu.invalid")
    world.change(people=back + "autre@univ.fr").play("users")
    assert mails(world)[0] == "es1 | es1@univ.fr"


@pytest.mark.parametrize("how", ["suspended by hand", "another method", "excluded"])
def test_an_account_that_is_not_ours_to_touch_gives_nothing_up(world, how):
    left = world.moodle.users[world.id("users", "es1")]
    if how == "suspended by hand":
        left["suspended"] = True
    elif how == "another method":
        left["auth"] = "manual"
    else:
        world.moodle.site_admins = {(left["id"],)}
    draft = world.change(people=people("-", "es2", "es3", "es1")).draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["EMAIL_DOUBLE es4 / S4"])


def test_killed_in_the_middle_of_an_exchange_the_next_night_ends_it(world):
    world.change(people=people("es2", "es1", "es3"))
    first = world.moodle.users[world.id("users", "es1")]
    first["email"] = f"{first['id']}@suspendu.invalid"
    world.play("users")
    assert mails(world)[:2] == ["es1 | es2@univ.fr", "es2 | es1@univ.fr"]
