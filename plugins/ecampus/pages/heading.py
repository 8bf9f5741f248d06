"""What every page shows above its own: the figure of what waits, the composantes, a banner when something is wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ecampus.calendar import today
from ecampus.errors import EcampusError
from ecampus.explain.reach import Reach
from ecampus.pages import nights
from ecampus.pages.site import Site
from ecampus.safety import passage
from ecampus.words import tonight, visiting

log = logging.getLogger("ecampus")


@dataclass(frozen=True)
class Banner:
    """``tone``: «frozen», «failed» or «held», said by a word too. ``path``: the page that says more."""

    tone: str
    word: str
    text: str
    path: str


@dataclass(frozen=True)
class Heading:
    """``held``: how many changes wait for a decision; null where the register cannot say.

    ``composantes``: code → label. ``limited``: what alone is shown to this account, and whom to ask for the rest; ''
    where all is.
    """

    held: int | None
    composantes: dict[str, str]
    banners: list[Banner]
    tabs: dict[str, str]
    limited: str


def of(site: Site, reach: Reach) -> Heading:
    """The header as it is now, for who sees this much."""
    store = site.store()
    frozen = site.freeze().reason(today(site.now()))
    night = nights.last(store)
    trouble = tonight.trouble(night, nights.phases(store, night)) if night else ""
    held, whole, mute = _held(site)
    told = [
        Banner("frozen", "Gel", frozen or "", "nuit"),
        Banner("failed", "Échec", trouble, "nuit"),
        Banner("failed", "Registre", mute, "retenus"),
        Banner("held", "À décider", visiting.waiting(held or 0, whole), "retenus"),
    ]
    return Heading(
        held,
        {code: label for code, label in nights.composantes(store).items() if reach.sees(code)},
        [banner for banner in told if banner.text],
        {path: label for path, label in visiting.TABS.items() if reach.whole or path not in visiting.OF_ALL},
        "" if reach.whole else visiting.limited(reach.codes, nights.contact(store).name),
    )


def _held(site: Site) -> tuple[int | None, bool, str]:
    """How many units wait, and whether a night does as a whole; or null, and why nobody can say."""
    try:
        register = site.register()
        if register is None:
            return 0, False, ""
        whole = not passage.asked(register.passages()["passages"]).empty
        return register.asked(), whole, ""
    except EcampusError as error:
        log.warning("%s", error)
        return None, False, str(error)
