"""The whole answer about somebody and an element: the sentence, every condition with tonight's data, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ecampus.calendar import PHASES
from ecampus.explain.account import Account, account
from ecampus.explain.element import NOT_COMPUTED, Course, archived
from ecampus.explain.facts import Night, Person, Seat, Sheet, Space
from ecampus.explain.seats import STUDENT, Finding, finding
from ecampus.rules.teaching import GROUP, SEATED, SHEETS
from ecampus.rules.text import FOAD_KEY
from ecampus.words import why, why_accounts, why_seats
from ecampus.words.why import Rung, Todo


@dataclass(frozen=True)
class Answer:
    """``space``: the course, its code and label. ``reason``: a clause. ``read``: which night tells it, by sentences."""

    finding: Finding
    question: str
    space: str
    sentence: str
    reason: str
    rungs: tuple[Rung, ...]
    todos: tuple[Todo, ...]
    read: tuple[str, ...]

    @property
    def ticket(self) -> str:
        """The facts for the assistance, in plain text."""
        return why.ticket(self.question, self.sentence, self.reason, self.rungs, self.todos, self.read)


def answer(person: Person, course: Course, night: Night) -> Answer:
    """Whether the person is in the course of this element, and why."""
    found, about = finding(person, course, night), account(person, night)
    words = words_of(person, course, night, found, about)
    reason = why_seats.told(found.why, words)
    own = why_accounts.told(about.why, about.words)
    todos = [why.todo(one.where, one.todo, one.guide) for one in (reason, own) if one.todo]
    space = _space(course, found.key)
    hidden = bool(found.present and space and not space.visible and found.role == STUDENT)
    asked = course.element.code if course.element.code != found.key.upper().removesuffix(FOAD_KEY) else ""
    sentence = why.answer(found.present, found.role, _code(person, found), _named(course, found.key), asked)
    suspended = bool(found.present) and about.why in ("SUSPENDU", "PARTI")
    return Answer(
        found,
        why.question(found.role, _code(person, found), course.element.code + FOAD_KEY * course.foad),
        _named(course, found.key),
        sentence + why.but(suspended, hidden),
        reason.told,
        tuple(_rungs(person, course, found, about, own.told, space)),
        tuple(dict.fromkeys(todos)) if not found.present or found.why.startswith("RETRAIT") else (),
        read(night),
    )


def read(night: Night) -> tuple[str, ...]:
    """Which night tells it, the phases that were not computed since an older one, those that never were."""
    if not night.phases:
        return (why.nothing(),)
    known = night.phases.get("enrolments") or max(night.phases.values(), key=lambda phase: phase.night)
    last = max(phase.night for phase in night.phases.values())
    old = [why.never(untold)] if (untold := never(night)) else []
    old += [why.older(PHASES[name], phase.night) for name, phase in night.phases.items() if phase.night < last]
    return (why.since(known.night, known.opened_at, night.annee), *old)


def never(night: Night) -> list[str]:
    """The titles of the phases that no night computed."""
    return [title for name, title in PHASES.items() if name not in night.phases]


def words_of(person: Person, course: Course, night: Night, found: Finding, about: Account) -> dict[str, str]:
    """All that a reason may name."""
    element, own = course.element, why_accounts.told(about.why, about.words)
    words = {
        "qui": f"{why.ROLES[found.role]} {_code(person, found)}", "ou": element.code, "cle": found.key,
        "porteur": course.porteur, "code_porteur": element.code_porteur or "?", "annee": night.annee,
        "groupe": getattr(found.row, "code_groupe", None) or "", "contact": night.contact,
        "par": _by(found), "archive": archive(course), **found.words,
        "compte": own.told, "compte_a_faire": own.todo or "voir ce compte",
    }  # fmt: skip
    if kept := found.words.get("garde"):
        name = f"ELEMENT_{course.frozen.verdict}" if kept == "ELEMENT_GELE" else kept
        words["garde"] = why_seats.told(name, words).told
    return words


def _rungs(
    person: Person, course: Course, found: Finding, about: Account, told: str, space: Space | None
) -> list[Rung]:
    known = about.exists and found.why not in ("COMPTE_ABSENT", "COMPTE_GELE")
    rungs = [Rung("oui" if known else "non", "Compte ecampus", told)]
    if found.why == NOT_COMPUTED:
        return rungs
    rungs += _as_student(person, course, found) if found.role == STUDENT else _as_teacher(person, course)
    rungs.insert(-1 if found.role == STUDENT else 1, _of_the_space(course, found, space))
    rungs += [_published(person, found), _taken(found)]
    if not found.present and (space is None or space.id not in course.offer.read):
        rungs.append(
            Rung("sans objet", "Inscription à la main", "pas regardée cette nuit : voir les participants de l'espace")
        )
    return rungs


def _published(person: Person, found: Finding) -> Rung:
    title = "Inscription publiée"
    if any(line.course_idnumber.upper() == found.key.upper() for line in person.lines):
        return Rung("oui", title, "oui")
    if found.row is not None and found.row.verdict == SEATED:
        return Rung("non", title, "non")
    return Rung("sans objet", title, "pas encore concerné")


def _taken(found: Finding) -> Rung:
    title = "Prise par ecampus"
    if found.present:
        return Rung("oui", title, "oui")
    if found.why in ("NON_PRIS", "A_VERIFIER"):
        return Rung("attente", title, "pas encore")
    return Rung("sans objet", title, "pas encore concerné")


def _as_student(person: Person, course: Course, found: Finding) -> list[Rung]:
    asked = {course.element.code, course.porteur}
    mine = [seat for seat in person.seats if seat.code_element in asked]
    etapes = [row.name or row.code_etape for row in person.cohorts]
    tele = any(seat.tele for seat in person.seats) if person.seats else None
    ip = any(seat.ip for seat in mine)
    living = [place for place in course.offer.places if place.verdict == GROUP and place.code_element == course.porteur]
    if course.foad:
        living = [place for place in living if place.cemu]
    there = sorted({place.code_groupe for place in living})
    groups = sorted({seat.code_groupe for seat in mine if seat.code_groupe and seat.code_groupe in there})
    rungs = [
        Rung("oui" if etapes else "sans objet", "Inscription administrative", why.cohorts(etapes, tele)),
        Rung("oui" if ip else "sans objet", "Inscription pédagogique", why.registered(ip, course.element.code)),
    ]
    if course.foad or (isinstance(found.row, Seat) and found.row.cemu):
        rungs.append(Rung("oui" if tele else "non", "Télé-enseignement", why.distance(bool(tele))))
    title = "Groupe CEMU d'Apogée" if course.foad else "Groupe d'Apogée"
    return [*rungs, Rung("oui" if groups else "non", title, why.groups(groups, there, course.porteur))]


def _as_teacher(person: Person, course: Course) -> list[Rung]:
    mine = [one for one in person.sheets if one.code_element == course.element.code or one.key == course.porteur]
    rows = [(one.code_activite, int(one.seances or 0), _amiss(one)) for one in mine]
    good = any(one.verdict not in SHEETS for one in mine)
    return [Rung("oui" if good else "non", "Séances planifiées dans ADE", why.sheets(rows))]


def _amiss(sheet: Sheet) -> str:
    return {"HORS_APOGEE": "fiche qui ne vient pas d'Apogée", "OBSOLETE": "fiche obsolète"}.get(sheet.verdict, "")


def _of_the_space(course: Course, found: Finding, space: Space | None) -> Rung:
    title = "L'élément a son espace de cours"
    if space is None or (space.key is None and found.why == "CODE_PRIS"):
        return Rung("non", title, why.elsewhere(found.key, ours=space is None))
    porteur = course.porteur if course.element.porte else None
    return Rung("oui", title, why.living(space.visible, course.element.category_code, porteur))


def _space(course: Course, key: str) -> Space | None:
    return next((one for one in course.offer.spaces if (one.idnumber or "").upper() == key.upper()), None)


def _named(course: Course, key: str) -> str:
    label = next((one.libelle for one in course.offer.elements if one.key == key), None)
    return why.space(key, label)


def identity(person: Person) -> tuple[str, str]:
    """Who somebody is told to be: student, staff, or '' for an account without a code; and the code or the login."""
    role = STUDENT if person.student else "staff" if person.staff else ""
    return role, person.student or person.staff or login(person) or "?"


def login(person: Person) -> str | None:
    """Of the account, or the one that it will have; null where nobody knows one."""
    return person.username or next((entry.uid for entry in person.entries if entry.uid), None)


def _code(person: Person, found: Finding) -> str:
    code = person.student if found.role == STUDENT else person.staff
    return code or login(person) or "?"


def archive(course: Course) -> str:
    """« depuis la nuit du 3 septembre 2026, sous le code ex_L2CAS204», of the last archive of this code."""
    last = archived(course)
    return why.archived(str(last.archived), last.idnumber or last.shortname or "?") if last else ""


def _by(found: Finding) -> str:
    if isinstance(found.row, Seat):
        return f"inscrit par son groupe {found.row.code_groupe}"
    return "inscrit par ses séances planifiées dans ADE" if isinstance(found.row, Sheet) else ""
