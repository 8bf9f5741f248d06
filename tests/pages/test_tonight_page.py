"""«Cette nuit» on a night that was played."""

from __future__ import annotations

from datetime import timedelta

from visits import MORNING, visit

from ecampus.calendar import at
from ecampus.orchestration import records
from ecampus.store.files import Store


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("nuit") == ["Cette nuit", "Aucune nuit n'a encore tourné : rien n'est gardé."]


def test_a_good_night_is_one_sentence_and_five_lines(campus):
    words = visit(campus.store).reads("nuit")
    ended = at(records.read(campus.run("groups").files).finished_at)
    assert words[0] == f"La nuit du 23 novembre s'est bien terminée à {ended}."
    lines = [words[place + 1 : place + 2] for place, word in enumerate(words) if word in ("Utilisateurs", "Groupes")]
    assert lines == [["réussi"], ["réussi"]]


def test_a_night_that_did_not_come_is_said(campus):
    assert "Rien n'a tourné depuis la nuit du 23 novembre." in visit(campus.store, now=MORNING + timedelta(1)).reads(
        "nuit"
    )
