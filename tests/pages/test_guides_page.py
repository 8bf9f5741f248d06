"""«Aide»: the guides as pages, and the sections that anomalies lead to."""

from __future__ import annotations

import pytest
from visits import visit

from ecampus.pages import guides
from ecampus.store.files import Store

GUIDE = """# Guide

[Plus bas](#ip_sans_groupe) · [exploiter](exploitation.md#gel) · [règles](rules.md)

#### <a id="ip_sans_groupe"></a>Un étudiant n'est dans aucun groupe

| à | quoi |
|---|---|
| 00h00 | <script>alert(1)</script> |
"""


@pytest.fixture
def docs(tmp_path, monkeypatch):
    monkeypatch.setattr(guides, "DOCS", tmp_path)
    return tmp_path


def test_a_guide_is_a_page_with_places_to_lead_to_and_no_html_of_its_own(docs):
    (docs / "guide-scolarite.md").write_text(GUIDE, encoding="utf-8")
    clerk = visit(Store(docs / "store"))
    assert clerk.reads("aide") == [
        "Aide",
        "Guide de la scolarité",
        ": par symptôme et par anomalie : pourquoi, que corriger, où, quand cela se verra.",
    ]
    text = clerk.get("aide/guide-scolarite").text
    assert '<h4><a id="ip_sans_groupe"></a>Un étudiant' in text
    assert '<a href="exploitation#gel">exploiter</a>' in text
    assert "</a> · règles</p>" in text
    assert "<td>00h00</td>" in text
    assert "&lt;script&gt;alert(1)" in text


def test_only_the_guides_are_pages(docs):
    (docs / "security.md").write_text("# Threats", encoding="utf-8")
    clerk = visit(Store(docs / "store"))
    assert [clerk.get(f"aide/{name}").status_code for name in ("security", "guide-scolarite", "..%2Fsecurity")] == [
        404
    ] * 3


def test_guides_that_are_not_installed_are_said_so(docs):
    assert visit(Store(docs / "store")).reads("aide") == [
        "Aide",
        "Les guides ne sont pas installés ici : copier aussi le dossier docs/, à côté de plugins/.",
    ]


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Piège 1 : Apogée, les groupes", "piège-1--apogée-les-groupes"),
        ("« Je ne vois pas mon cours » (étudiant)", "je-ne-vois-pas-mon-cours--étudiant"),
        ("REFUS_MOODLE", "refus_moodle"),
    ],
)
def test_a_heading_has_the_place_that_github_gives_it(heading, slug):
    assert guides.slug(heading) == slug
