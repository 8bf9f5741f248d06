"""The style, the script and the drawing of the pages, read once; their address changes with what is in them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
A_YEAR = "private, max-age=31536000, immutable"

router = APIRouter()


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One file; private, for whoever may see the pages."""
    if name not in files():
        raise HTTPException(404)
    return Response(files()[name], media_type=TYPES[Path(name).suffix], headers={"Cache-Control": A_YEAR})


def address(base: str, name: str) -> str:
    """Where the browser finds this file, as it is now."""
    return f"{base}/static/{name}?v={hashlib.sha256(files()[name]).hexdigest()[:12]}"


@cache
def files() -> dict[str, bytes]:
    """Every file, by name."""
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
