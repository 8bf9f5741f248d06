"""The first night on a site of 1,500 courses that an older script made: nothing adopted, then one course, then all."""

from __future__ import annotations

import pytest
from campus import opened
from older import adopt_all, decide, made_by_an_older_script
from test_adopted import without_mark
from test_passage import NO_SANDBOX, answer, asked, limited, modes, night

from ecampus.calendar import PHASES
from ecampus.words.progress import figure

ETAPES, COURSES = 215, 1_500
BEFORE_PEOPLE_MOVE = ("users", "cohorts", "offer")
"""Whose objects are adopted. Rows, groups and members cost four times as much: ``--every-moment`` plays them too."""


@pytest.fixture
def phases(request) -> tuple[str, ...]:
    return tuple(PHASES) if request.config.getoption("--every-moment") else BEFORE_PEOPLE_MOVE


def test_it_waits_then_touches_nothing_but_what_is_adopted_and_doubles_nothing(tmp_path, cron, phases):
    with opened(tmp_path, cron, size=ETAPES) as campus:
        campus.night("ancien", phases=phases)
        kept = campus.owned()
        made_by_an_older_script(campus)
        campus.moodle(NO_SANDBOX)
        limited(campus)
        before = campus.state()
        assert len(kept["course"]) >= COURSES

        assert modes(night(campus, 0, phases=phases)) == ["frozen"] * len(phases)
        assert campus.writes() == []
        codes = sum(len(kept[kind]) for kind in ("category", "course", "cohort"))
        of_a_teacher = 1
        assert asked(campus).lines[-1] == (
            f"{figure(codes + of_a_teacher)} objets de Moodle portent déjà un code que REFER demande, et la nuit n'y"
            " touche pas : dire d'abord ce qui en est à ecampus (make owned, ou le DAG « Ce qui est à ecampus »), ou"
            " approuver sans"
        )

        answer(campus, 0)
        assert modes(night(campus, 1, phases=phases)) == ["live"] * len(phases)
        assert {kind for kind, rows in campus.owned().items() if rows} == {"account"}
        assert without_mark(campus.state()) == before

        decide(campus, "cours:L1CAS101")
        night(campus, 2, phases=phases)
        assert [row[0] for row in campus.owned()["course"]] == ["L1CAS101"]
        assert without_mark(campus.state()) == before

        adopt_all(campus)
        night(campus, 3, phases=phases)
        assert campus.owned() == kept
        assert without_mark(campus.state()) == before
