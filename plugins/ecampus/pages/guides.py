"""«Aide»: the guides of ``docs/``, written in Markdown, as pages; each anomaly leads to its section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from ecampus.pages.page import Asked
from ecampus.words import visiting

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDES = {"guide-scolarite": "Guide de la scolarité", "exploitation": "Guide d'exploitation"}
ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
"""The one piece of HTML that a guide may hold: a place that a link leads to."""
PLACE = re.compile("\ue000([\\w-]+)\ue001")
KEYBOARD = '<pre tabindex="0">'
"""What is wider than the screen is scrolled with the keyboard too."""
FILE = re.compile(r"([\w-]+)\.md(#[\w-]+)?")

router = APIRouter()


@router.get("/aide")
def guides(page: Asked) -> Response:
    """Which guides there are."""
    there = {name: label for name, label in GUIDES.items() if (DOCS / f"{name}.md").exists()}
    return page.show("guides.html", "Aide", guides=there, about=visiting.GUIDES, missing=visiting.NO_GUIDE)


@router.get("/aide/images/{name}")
def image(name: str) -> Response:
    """A picture of a guide."""
    there = {file.name: file for file in (DOCS / "images").glob("*.png")}
    if name not in there:
        raise HTTPException(404)
    return Response(
        there[name].read_bytes(), media_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


@router.get("/aide/{guide}")
def guide(page: Asked, guide: str) -> Response:
    """One guide."""
    file = DOCS / f"{guide}.md"
    if guide not in GUIDES or not file.exists():
        raise HTTPException(404)
    return page.show("guide.html", GUIDES[guide], text=Markup(rendered(file.read_text(encoding="utf-8"))))


@cache
def rendered(text: str) -> str:
    """The Markdown as HTML: headings have the ids that GitHub gives them, other guides are pages of ours."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(ANCHOR.sub("\ue000\\1\ue001", text))
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and not PLACE.search(tokens[place + 1].content):
            token.attrSet("id", slug(tokens[place + 1].content))
        _lead(token.children or [])
    html = renderer.renderer.render(tokens, renderer.options, {}).replace("<pre>", KEYBOARD)
    return PLACE.sub(r'<a id="\1"></a>', html)


def slug(heading: str) -> str:
    """«Piège 1 : Apogée, les groupes» → «piège-1--apogée-les-groupes»."""
    kept = re.sub(r"[^\w\s-]", "", PLACE.sub("", heading).lower()).strip()
    return re.sub(r"\s", "-", kept)


def _lead(tokens: Sequence[Token]) -> None:
    """Links to another guide lead to its page; to other documents, for who has the sources, there is none."""
    opened: Token | None = None
    for token in tokens:
        if token.type == "link_open":
            opened = token
            if found := FILE.fullmatch(str(token.attrs.get("href", ""))):
                token.hidden = found[1] not in GUIDES
                token.attrSet("href", f"{found[1]}{found[2] or ''}")
        elif token.type == "link_close" and opened is not None:
            token.hidden = opened.hidden
