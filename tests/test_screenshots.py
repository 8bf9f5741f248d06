"""Pictures of the pages: of the sandbox only, made by one command, and none is shown that it does not make."""

from __future__ import annotations

import re
import shutil
from contextlib import nullcontext

import pytest

import screenshots
from ecampus.local import box, services
from ecampus.local.place import ROOT, CommandImpossible


def test_every_picture_that_is_shown_is_one_that_the_command_makes():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = [found for page in pages for found in re.findall(r"images/([\w-]+)\.png", page.read_text(encoding="utf-8"))]
    assert set(shown) <= set(screenshots.PICTURES)


def test_real_people_are_never_shown(monkeypatch, capsys):
    monkeypatch.setattr(services, "stop_on_signals", lambda: None)
    monkeypatch.setattr(services, "alone", lambda environment: nullcontext())
    monkeypatch.setattr(box, "systems", lambda size: nullcontext({}))
    assert screenshots.main() == 2
    assert capsys.readouterr().err == (
        "Les images ne montrent que les personnes inventées du bac à sable : retirer les connexions réelles.\n"
    )


def test_without_a_browser_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(CommandImpossible, match=r"^Il manque un navigateur : sudo apt-get install -y chromium$"):
        screenshots._chromium()
