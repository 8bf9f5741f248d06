"""Which runs wait to be approved as a whole, case by case."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ecampus.register.tables import FIGURES, PASSAGES, SITES
from ecampus.safety import passage
from ecampus.safety.passage import Passage

NIGHT = date(2026, 11, 24)
SITE = {"annee": "2026", "managed_root": None, "refer": "oracle/APO", "ldap": "ldap/dc=univ"}
OURS = passage.name_of(SITE)
UNITS = pd.DataFrame({"breaker": ["archive_course"], "scope": ["UFR1"], "units": [12]}).astype(
    {"breaker": "str", "scope": "str"}
)


def row(reason="thaw", state="asked", night="2026-11-23", decided=None, phase="offer", made_by=OURS) -> dict:
    told = {"phase": phase, "reason": reason, "made_by": made_by, "night": night, "run": "r", "state": state}
    return told | {"decided": decided, "who": "camille" if decided else None, "why": None}


def memory(*rows: dict, site: dict | None = SITE, figures: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """The register: rows that wait, and what every phase wrote from last (null: it never wrote)."""
    known = [
        {"phase": phase, "name": name, "setting": setting}
        for phase in ("users", "offer")
        for name, setting in (site or {}).items()
    ]
    return {
        "passages": pd.DataFrame(list(rows), columns=list(PASSAGES)).astype(PASSAGES),
        "sites": pd.DataFrame(known, columns=list(SITES)).astype(SITES),
        "figures": pd.DataFrame(columns=list(FIGURES)).astype(FIGURES) if figures is None else figures,
    }


def look(known, phase="offer", site=SITE, frozen=False, sandbox=False) -> Passage:
    return passage.look(phase, NIGHT, site, known, frozen, lambda: sandbox)


@pytest.mark.parametrize(
    ("known", "how", "found"),
    [
        (memory(), {}, Passage()),
        (memory(site=None), {}, Passage("first")),
        (memory(site=None), {"phase": "users"}, Passage("first")),
        (memory(site=None), {"sandbox": True}, Passage()),
        (memory(), {"frozen": True}, Passage("thaw")),
        (memory(), {"frozen": True, "phase": "users"}, Passage()),
        (memory(row()), {}, Passage("thaw")),
        (memory(row(phase="users")), {"phase": "users"}, Passage()),
        (memory(row(state="refused", decided="2026-11-23")), {}, Passage("thaw")),
        (memory(row(state="approved", decided="2026-11-23")), {}, Passage("thaw", approved=True)),
        (memory(row(state="approved", decided="2026-11-17")), {}, Passage("thaw", approved=True)),
        (memory(row(state="approved", decided="2026-11-16")), {}, Passage("thaw")),
        (memory(), {"site": SITE | {"annee": "2027"}}, Passage("year", other=("annee", "2026"))),
        (memory(), {"site": SITE | {"annee": "2027"}, "phase": "users"}, Passage()),
        (memory(), {"site": SITE | {"refer": "autre"}}, Passage("site", other=("refer", "oracle/APO"))),
        (memory(), {"site": SITE | {"refer": "autre"}, "sandbox": True}, Passage()),
        (memory(), {"site": SITE | {"refer": "autre", "annee": "2027"}, "sandbox": True}, Passage("year", other=("annee", "2026"))),
        (memory(), {"site": SITE | {"ldap": "autre"}, "phase": "users"}, Passage("site", other=("ldap", "ldap/dc=univ"))),
        (memory(), {"site": SITE | {"managed_root": "OFFRE"}}, Passage("site", other=("managed_root", None))),
        (memory(row(state="approved", decided="2026-11-23")), {"site": SITE | {"annee": "2027"}},
         Passage("year", other=("annee", "2026"))),
        (memory(row(made_by="autre")), {}, Passage("elsewhere")),
        (memory(row(made_by="autre", night="2026-11-22")), {}, Passage()),
        (memory(row(made_by="autre")), {"frozen": True}, Passage("thaw")),
    ],
    ids=[
        "an ordinary night", "a phase that never wrote", "accounts that were never written", "the sandbox", "frozen",
        "accounts, frozen", "the night after a freeze", "accounts after a freeze", "refused", "approved",
        "approved seven nights ago", "approved eight nights ago", "a new year", "accounts in a new year",
        "another REFER", "the sandbox, moved", "the sandbox, moved, in a new year", "another directory", "another root", "a thaw was approved, then the year changed",
        "another Airflow was frozen last night", "another Airflow was frozen before", "both are frozen",
    ],
)  # fmt: skip
def test_what_a_run_that_is_opened_now_is(known, how, found):
    assert look(known, **how) == found


def shown(known, reason="thaw", units=UNITS):
    made, figures = passage.shown("offer", reason, NIGHT, "2026-11-24/offer/r", SITE, known, units)
    return made.iloc[0], passage.as_rows(figures), figures


def test_what_was_shown_is_asked_with_its_figures():
    made, allowed, figures = shown(memory())
    assert (made["state"], made["night"], made["run"]) == ("asked", "2026-11-24", "2026-11-24/offer/r")
    assert made[["decided", "who", "why"]].isna().all()
    assert allowed == [("archive_course", "UFR1", 12)]
    assert figures.dtypes.astype("str").to_dict() == FIGURES


def test_an_approval_that_stands_is_kept_with_the_figures_that_were_approved():
    _, _, figures = shown(memory())
    known = memory(row(state="approved", decided="2026-11-23"), figures=figures)
    made, allowed, _ = shown(known, units=UNITS.assign(units=99))
    assert (made["state"], made["who"], made["night"]) == ("approved", "camille", "2026-11-24")
    assert allowed == [("archive_course", "UFR1", 12)]


@pytest.mark.parametrize(
    ("state", "decided", "units", "asked"),
    [
        ("refused", "2026-11-23", 12, "refused"),
        ("refused", "2026-11-23", 13, "asked"),
        ("refused", "2026-10-20", 12, "asked"),
        ("approved", "2026-11-16", 12, "asked"),
        ("asked", None, 12, "asked"),
    ],
)
def test_a_refusal_stands_while_the_figures_are_the_same_and_an_old_answer_is_asked_again(state, decided, units, asked):
    _, _, figures = shown(memory())
    known = memory(row(state=state, decided=decided), figures=figures)
    made, allowed, _ = shown(known, units=UNITS.assign(units=units))
    assert (made["state"], allowed) == (asked, [("archive_course", "UFR1", units)])


def test_other_figures_of_the_phase_stay():
    keys = pd.DataFrame([("offer", "element", None, "keys", 120)], columns=list(FIGURES)).astype(FIGURES)
    _, _, figures = shown(memory(figures=keys))
    assert figures["figure"].tolist() == ["keys", "allowed"]


def test_phases_are_asked_in_the_order_of_the_night_but_those_that_never_wait():
    known = memory(
        *(row(phase=phase) for phase in ("groups", "users", "offer", "cohorts", "enrolments")),
    )
    assert passage.asked(known["passages"])["phase"].tolist() == ["offer", "enrolments", "groups"]
    first = memory(*(row("first", phase=phase) for phase in ("groups", "users")))
    assert passage.asked(first["passages"])["phase"].tolist() == ["users", "groups"]
