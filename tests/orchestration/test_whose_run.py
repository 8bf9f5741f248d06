"""``ecampus_owned`` and ``ecampus_recover``: what their parameters and whoever triggered them become; the log is the answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow_standin import TaskInstance

from ecampus.calendar import today
from ecampus.errors import AdoptionRefused
from ecampus.night import adopting, recovering
from ecampus.orchestration import connections, whose

pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture
def triggered(monkeypatch):
    """``triggered(who, **params)``: the context of the one task; the store and the systems are not looked at."""
    ti = TaskInstance("own")

    def trigger(who: str | None, **params: Any) -> TaskInstance:
        context = {"ti": ti, "params": params, "dag_run": SimpleNamespace(triggering_user_name=who)}
        monkeypatch.setattr(whose, "get_current_context", lambda: context)
        return ti

    monkeypatch.setattr(connections, "store", lambda: "store")
    monkeypatch.setattr(connections, "freeze_text", lambda: "")
    monkeypatch.setattr(connections, "Systems", lambda: "systems")
    return trigger


def test_who_adopts_what_and_why(triggered, monkeypatch, caplog):
    asked: list[Any] = []
    monkeypatch.setattr(
        adopting, "told", lambda *given: asked.append(given[:3]) or ["Adopté : 1 cours.", "À ecampus :\n  …"]
    )
    triggered("camille", adopt="cours:A", release=None, why="ancien script")
    with caplog.at_level("INFO"):
        whose.own.function()
    assert asked == [(adopting.Decision("cours:A", "", "camille", "ancien script", today()), "store", "systems")]
    assert caplog.messages == ["Adopté : 1 cours.", "À ecampus :", "  …"]


def test_somebody_unknown_is_told_so(triggered, monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(adopting, "told", lambda *given: asked.append(given[0].who) or [])
    triggered(None, adopt=None, release=None, why=None)
    whose.own.function()
    assert asked == ["inconnu"]


def test_what_is_refused_is_one_sentence_and_is_not_tried_again(triggered, monkeypatch):
    from ecampus.orchestration.ending import Failed

    def refuse(*_: Any) -> None:
        raise AdoptionRefused("« Z » n'est pas dans la liste.")

    monkeypatch.setattr(adopting, "told", refuse)
    triggered("camille", adopt="Z", release="", why="")
    with pytest.raises(Failed, match="« Z » n'est pas dans la liste"):
        whose.own.function()


@pytest.mark.parametrize("confirm", [False, True])
def test_a_mending_is_told_and_done_only_when_it_is_confirmed(triggered, monkeypatch, caplog, confirm):
    asked: list[Any] = []
    monkeypatch.setattr(recovering, "told", lambda *given: asked.append(given) or (["Rien à reprendre."], False))
    triggered("camille", confirm=confirm, why="sauvegarde")
    with caplog.at_level("INFO"):
        whose.recover.function()
    assert asked == [(recovering.Decision(confirm, "camille", "sauvegarde", today()), "store", "systems")]
    assert caplog.messages == ["Rien à reprendre."]
