"""The one settings file of the breakers: complete as shipped, refused in one sentence when somebody mistyped it."""

from __future__ import annotations

import pytest

from ecampus import limits
from ecampus.errors import SettingUnreadable
from ecampus.kinds import KINDS
from ecampus.limits import BREAKERS, Limit, Limits

RIGHT = "archive_course = { site = { percent = 5, most = 60 } }"


def test_the_file_as_shipped_says_the_limits_of_the_catalogue():
    assert limits.read() == Limits()
    assert list(Limits().as_json()) == [limits.FALL, limits.UNKNOWN, *BREAKERS]


def test_every_kind_that_destroys_is_counted_by_one_breaker():
    counted = [kind for breaker in BREAKERS.values() for kind in breaker.kinds]
    assert len(counted) == len(set(counted))
    assert {kind.id for kind in KINDS.values() if kind.destructive} <= set(counted)


def test_a_figure_that_the_site_gives_takes_the_place_of_ours_and_the_others_stay(tmp_path):
    (tmp_path / "limits.toml").write_text(RIGHT)
    read = limits.read(tmp_path / "limits.toml")
    assert read.breakers["archive_course"].site == Limit(5, 60)
    assert read.breakers["archive_course"].composante == BREAKERS["archive_course"].composante
    assert read.breakers["drop_group"] == BREAKERS["drop_group"]
    assert Limits.from_json(read.as_json()) == read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("archive_cours = {}", "« archive_cours » : ce nom n'est pas celui d'une limite"),
        ("archive_course = 3", "« archive_course » : il y faut « site » et « composante »"),
        ("archive_course = { ufr = {} }", "« archive_course » : il n'y faut que « site » et « composante »"),
        ("archive_course.site = { percent = 5 }", "« archive_course.site » : il y faut « percent » et « most »"),
        (
            "archive_course.site = { percent = 101, most = 1 }",
            "« archive_course.site » : « percent » vaut 101, il faut un nombre de 0 à 100",
        ),
        (
            "archive_course.site = { percent = true, most = 1 }",
            "« archive_course.site » : « percent » vaut True, il faut un nombre de 0 à 100",
        ),
        (
            "archive_course.site = { percent = 1, most = 1.5 }",
            "« archive_course.site » : « most » vaut 1.5, il faut un nombre entier",
        ),
        (
            "suspend_account.composante = { percent = 1, most = 1 }",
            "« suspend_account.composante » : cette limite n'existe que pour le site entier",
        ),
        ("fallen_view.percent = -1", "« fallen_view » : « percent » vaut -1, il faut un nombre de 0 à 100"),
        ("unknown_people.fewest = 1.5", "« unknown_people » : « fewest » vaut 1.5, il faut un nombre entier"),
        ("unknown_people.most = 1", "« unknown_people » : il y faut « percent » et « fewest »"),
        ("fallen_view.most = 1", "« fallen_view » : il y faut « percent » et « fewest » et « scope »"),
    ],
)
def test_what_nobody_can_read_is_refused_in_one_sentence_that_names_it(tmp_path, text, told):
    (tmp_path / "limits.toml").write_text(text)
    with pytest.raises(SettingUnreadable) as refused:
        limits.read(tmp_path / "limits.toml")
    assert str(refused.value) == (f"Dans include/limits.toml, {told} ; le corriger, rien n'est écrit d'ici là.")


def test_a_file_that_is_no_toml_or_is_away_is_refused(tmp_path):
    (tmp_path / "limits.toml").write_text("archive_course = {")
    for path in (tmp_path / "limits.toml", tmp_path / "absent.toml"):
        with pytest.raises(SettingUnreadable, match="ne peut pas être lu"):
            limits.read(path)
