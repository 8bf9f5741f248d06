"""What was mailed is noted without a person in it, and a store that is broken says that nothing was."""

from __future__ import annotations

from datetime import date

from ecampus.store import mailed
from ecampus.store.files import Store

NIGHT, NEXT = date(2026, 11, 25), date(2026, 11, 26)


def test_the_platform_is_told_a_thing_once_a_night(tmp_path):
    store = Store(tmp_path)
    assert not mailed.is_told(store, NIGHT, "Retenu : e2100123.")
    mailed.tell(store, NIGHT, "Retenu : e2100123.")
    mailed.tell(store, NIGHT, "Gel.")
    assert [mailed.is_told(store, NIGHT, told) for told in ("Retenu : e2100123.", "Gel.", "Échec.")] == [
        True,
        True,
        False,
    ]
    assert not mailed.is_told(store, NEXT, "Gel.")
    mailed.tell(store, NEXT, "Échec.")
    assert not mailed.is_told(store, NEXT, "Gel.")
    assert b"e2100123" not in store.read(mailed.NIGHT)


def test_each_composante_has_the_night_of_its_last_mail(tmp_path):
    store = Store(tmp_path)
    mailed.told_to(store, "SCI", NIGHT, {"offer": "2026-11-25"})
    mailed.told_to(store, "LET", NEXT, {})
    mailed.told_to(store, "SCI", NEXT, {"offer": "2026-11-26"})
    assert mailed.composantes(store) == {
        "SCI": {"night": "2026-11-26", "phases": {"offer": "2026-11-26"}},
        "LET": {"night": "2026-11-26", "phases": {}},
    }


def test_what_a_power_cut_emptied_counts_as_nothing_told(tmp_path):
    store = Store(tmp_path)
    for name in (mailed.NIGHT, mailed.COMPOSANTES):
        store.write(name, b"")
    assert not mailed.is_told(store, NIGHT, "Gel.")
    assert mailed.composantes(store) == {}
