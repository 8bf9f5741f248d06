"""What waits for a person, from every phase, and what becomes of the answer: the same by command and in Airflow.

The register alone says what is asked and what was answered; the store only shows the changes as sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes import keys, plan
from ecampus.errors import AnswerRefused, StoreUnusable
from ecampus.night import passage
from ecampus.night.holding import QUESTIONS
from ecampus.night.question import Question
from ecampus.register.register import Register
from ecampus.safety import decisions, holds
from ecampus.safety.passage import asked as passages_asked
from ecampus.shapes import cast
from ecampus.store import opening
from ecampus.store.files import Run, Store
from ecampus.words import holding, passages
from ecampus.words.speech import sentence

SHOWN = 20


def questions(register: Register, store: Store, shown: int = SHOWN) -> list[Question]:
    """What waits for an answer: the night as a whole, then its changes in their order. ``shown``: lines of each."""
    known = register.decisions()
    asked = known[known["state"] == decisions.ASKED]
    found = [
        _question(str(phase), str(name), rows, store, shown)
        for (phase, name), rows in asked.groupby(["phase", "question"])
    ]
    whole = passage.question(register, store)
    order = [*PHASES]
    found.sort(key=lambda question: order.index(question.phase.removeprefix(decisions.UNDOING)))
    return [*([whole] if whole else []), *found]


def waiting(register: Register) -> tuple[int, date | None]:
    """How many questions wait for an answer, and since which night, by the register alone."""
    known = register.decisions()
    asked = known[known["state"] == decisions.ASKED]
    whole = passages_asked(register.passages()["passages"])
    since = [*asked["night"], *whole["night"]]
    number = asked.groupby(["phase", "question"]).ngroups + (1 if len(whole) else 0)
    return number, date.fromisoformat(min(since)) if since else None


def answer(register: Register, question: Question, approved: bool, night: date, who: str, why: str) -> int:
    """Write the answer to the register; how many units it is about.

    Raises AnswerRefused when what is asked is no longer what was shown, AlreadyRunning while a run writes.
    """
    if question.phase == passages.NIGHT:
        return passage.answer(register, question, approved, night, who, why)
    with register.lease(f"décision de {who}") as lease:
        known = register.decisions()
        state = decisions.APPROVED if approved else decisions.REFUSED
        rows = decisions.answered(known, question.phase, question.name, state, night, who, why[:1000])
        if rows.empty or decisions.together(rows) != question.digest:
            raise AnswerRefused(holding.changed(question.subject))
        lease.answer(rows)
    return len(rows)


def _question(phase: str, name: str, rows: pd.DataFrame, store: Store, shown: int) -> Question:
    told, subject, lines = _shown(phase, name, rows, store, shown)
    since, digest, options = str(rows["night"].min()), decisions.together(rows), holding.options(subject, name)
    return Question(phase, name, len(rows), since, digest, told, subject, lines, options)


def _shown(phase: str, name: str, rows: pd.DataFrame, store: Store, shown: int) -> tuple[str, str, list[str]]:
    """The question as a run told it whose plan holds these units just so; the units alone when the store has none."""
    for run in _asking(store, phase, str(rows["night"].max())):
        found = cast(run.files.read_frame(QUESTIONS), holds.QUESTIONS)
        found, changes = found[found["question"] == name], plan.typed(run.files.read_frame("plan.parquet"))
        held = changes[changes["unit"].isin(rows["unit"]) & changes["held"].notna()]
        if len(found) and rows["digest"].eq(rows["unit"].map(decisions.digests(held))).all():
            telling = plan.destructive_first(held[~keys.following(held)])
            lines = [sentence(change, planned=True) for change in telling.head(shown).itertuples()]
            told = holding.sentence(found, opening.read(run).limits)
            rest = holding.rest(len(telling) - shown, _report(run))
            return f"{told}{holding.then(phase)}", holding.title(phase, found, lines), [*lines, *rest]
    title = holding.bare_title(phase, len(rows), name)
    lost = f"{title} ; le magasin des nuits ne les montre plus.{holding.then(phase)}"
    return lost, title, [*rows["unit"].head(shown), *holding.rest(len(rows) - shown)]


def _report(run: Run) -> str:
    """Where its report is; nothing for a run that was killed before it."""
    return str(run.folder / "report.html") if run.files.exists("report.html") else ""


def _asking(store: Store, name: str, since: str) -> Iterator[Run]:
    """The runs of the phase, from that night on, that told questions, the last first; killed on their way or not.

    Those that undo a night if the phase is named so, the others else.
    """
    phase, undoing = name.removeprefix(decisions.UNDOING), name.startswith(decisions.UNDOING)
    for night in sorted((night for night in store.names("") if night >= since), reverse=True):
        found: list[tuple[datetime, Run]] = []
        try:
            day = date.fromisoformat(night)
        except ValueError:
            continue
        for run_id in store.names(f"{night}/{phase}"):
            run = Run(store, phase, day, run_id)
            if run.files.exists(QUESTIONS):
                try:
                    known = opening.read(run)
                except StoreUnusable:
                    continue
                if bool(known.undoes) == undoing:
                    found.append((known.opened_at, run))
        yield from (run for _, run in sorted(found, key=lambda pair: pair[0], reverse=True))
