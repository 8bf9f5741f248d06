"""Every kind of change that ecampus can make: one catalogue for the plan, the writes, the register and the texts.

A kind is an object and a verb. What a done change makes ours (``gains``), or no longer ours (``losses``), is told in
columns: column of the register ← column of the plan, or one of NIGHT, NONE, TRUE, FALSE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NIGHT, NONE, TRUE, FALSE = "=night", "=none", "=true", "=false"
"""Sources of a gain that are no column of the plan: the night's date, null, true, false."""


@dataclass(frozen=True)
class Object:
    """What changes: its noun, and how many parts of its key name the place where it is (0: told one by one)."""

    noun: str
    nouns: str
    feminine: bool
    places: int = 0


OBJECTS: dict[str, Object] = {
    "account": Object("compte", "comptes", False),
    "category": Object("catégorie", "catégories", True),
    "cohort": Object("cohorte", "cohortes", True),
    "cohort_member": Object("membre de cohorte", "membres de cohortes", False, places=1),
    "course": Object("cours", "cours", False),
    "enrolment": Object("inscription", "inscriptions", True, places=1),
    "group": Object("groupe", "groupes", False),
    "group_member": Object("membre de groupe", "membres de groupes", False, places=2),
}


@dataclass(frozen=True)
class Kind:
    """One object, one verb.

    ``done``, ``to_do``: the participle (masculine singular) and the infinitive that staff read.
    ``tally``: the word of the night's summary.
    ``step``: the function of ``ecampus.apply`` that sends it.
    ``inverse``: the verb that undoes it, null where nothing does.
    ``destructive``: it takes something away.
    ``gains``, ``losses``: what the register learns when it is done.
    ``frame``, ``trace``: the row of Moodle's state by which one sees that it was done, or, for a loss, by whose absence
    (column of the frame ← column of the plan).
    ``question``: what people are asked before it is ever done, whatever the limits; '' where nobody is.
    ``again``: what Moodle refuses may pass once the other changes of this kind are made (a name that moves on).
    """

    object: str
    verb: str
    done: str
    to_do: str
    tally: str
    step: str
    inverse: str | None = None
    destructive: bool = False
    gains: Mapping[str, str] = field(default_factory=dict)
    losses: Mapping[str, str] = field(default_factory=dict)
    frame: str = ""
    trace: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    question: str = ""

    @property
    def id(self) -> str:
        """``course|archive``."""
        return f"{self.object}|{self.verb}"


ROW = {"course_idnumber": "place", "username": "username", "role": "role"}
COHORT_MEMBER = {"cohort_id": "place_id", "user_id": "user_id"}
GROUP_MEMBER = {"group_id": "place_id", "user_id": "user_id"}
TABLE: dict[str, Any] = {"frame": "enrolment_rows", "trace": ROW}
ITSELF = {"id": "moodle_id"}
NAMED = {"id": "moodle_id", "idnumber": "place"}
CODED = {"id": "moodle_id", "code": "place", "scope": "scope", "since": NIGHT}
COURSE = {"id": "moodle_id", "key": "key", "idnumber": "place", "scope": "scope"}

_ALL = [
    Kind(
        "account", "create", "créé", "à créer", "créés", "people.create_accounts", inverse="suspend",
        gains={"user_id": "moodle_id", "population": "role", "code": "place", "since": NIGHT},
        frame="users", trace={"username": "username", "idnumber": "place"},
    ),
    Kind(
        "account", "rename", "renommé", "à renommer", "renommés", "people.update_accounts",
        inverse="rename", again=True,
    ),
    Kind(
        "account", "update", "mis à jour", "à mettre à jour", "mis à jour", "people.update_accounts",
        inverse="update", again=True,
    ),
    Kind(
        "account", "recode", "recodé", "à recoder", "recodés", "people.update_accounts", inverse="recode",
        gains={"user_id": "moodle_id", "population": "role", "code": "place", "frozen": FALSE},
        question="recode_account",
    ),
    Kind(
        "account", "suspend", "suspendu", "à suspendre", "suspendus", "people.suspend_accounts", inverse="unsuspend",
        destructive=True, gains={"user_id": "moodle_id", "suspended": TRUE},
        frame="users", trace={"id": "moodle_id", "suspended": TRUE},
    ),
    Kind(
        "account", "unsuspend", "réactivé", "à réactiver", "réactivés", "people.update_accounts", inverse="suspend",
        gains={"user_id": "moodle_id", "suspended": FALSE},
        frame="users", trace={"id": "moodle_id", "suspended": FALSE},
    ),
    Kind(
        "cohort", "create", "créé", "à créer", "créés", "people.create_cohorts",
        gains=CODED, frame="cohorts", trace={"idnumber": "place"},
    ),
    Kind(
        "cohort", "rename", "renommé", "à renommer", "renommés", "people.rename_cohorts",
        inverse="rename", again=True,
    ),
    Kind(
        "cohort_member", "add", "ajouté", "à ajouter", "ajoutés", "people.add_cohort_members",
        inverse="remove", gains=COHORT_MEMBER, frame="cohort_members", trace=COHORT_MEMBER,
    ),
    Kind(
        "cohort_member", "remove", "retiré", "à retirer", "retirés", "people.remove_cohort_members", inverse="add",
        destructive=True, losses=COHORT_MEMBER, frame="cohort_members", trace=COHORT_MEMBER,
    ),
    Kind(
        "category", "create", "créé", "à créer", "créés", "offer.create_categories", inverse="delete",
        gains=CODED, frame="categories", trace={"idnumber": "place"},
    ),
    Kind(
        "category", "rename", "renommé", "à renommer", "renommés", "offer.rename_categories",
        inverse="rename", again=True,
    ),
    Kind("category", "move", "déplacé", "à déplacer", "déplacés", "offer.move_categories", inverse="move"),
    Kind(
        "category", "delete", "supprimé", "à supprimer", "supprimés", "offer.delete_categories",
        destructive=True, losses=ITSELF, frame="categories", trace=ITSELF,
    ),
    Kind(
        "course", "create", "créé", "à créer", "créés", "offer.create_courses", inverse="archive",
        gains=COURSE | {"archived": NONE, "since": NIGHT}, frame="courses", trace={"idnumber": "place"},
    ),
    Kind("course", "rename", "renommé", "à renommer", "renommés", "offer.name_courses", inverse="rename", again=True),
    Kind(
        "course", "recode", "recodé", "à recoder", "recodés", "offer.name_courses", inverse="recode",
        gains=COURSE, frame="courses", trace=NAMED, again=True, question="recode_course",
    ),
    Kind(
        "course", "move", "déplacé", "à déplacer", "déplacés", "offer.move_courses",
        inverse="move", gains={"id": "moodle_id", "scope": "scope"},
    ),
    Kind(
        "course", "archive", "archivé", "à archiver", "archivés", "offer.archive_courses", inverse="restore",
        destructive=True, gains=COURSE | {"archived": NIGHT}, frame="courses", trace=NAMED,
    ),
    Kind(
        "course", "restore", "restauré", "à restaurer", "restaurés", "offer.name_courses", inverse="archive",
        gains=COURSE | {"archived": NONE}, frame="courses", trace=NAMED,
    ),
    Kind(
        "group", "create", "créé", "à créer", "créés", "groups.create_groups", inverse="archive",
        gains=CODED | {"course_id": "course_id", "archived": NONE}, frame="groups",
        trace={"course_id": "course_id", "idnumber": "place"},
    ),
    Kind(
        "group", "rename", "renommé", "à renommer", "renommés", "groups.rename_groups",
        inverse="rename", again=True,
    ),
    Kind(
        "group", "archive", "archivé", "à archiver", "archivés", "groups.rename_groups", inverse="restore",
        destructive=True, gains={"id": "moodle_id", "archived": NIGHT}, frame="groups", trace=NAMED,
    ),
    Kind(
        "group", "restore", "restauré", "à restaurer", "restaurés", "groups.rename_groups", inverse="archive",
        gains={"id": "moodle_id", "archived": NONE}, frame="groups", trace=NAMED,
    ),
    Kind(
        "group", "delete", "supprimé", "à supprimer", "supprimés", "groups.delete_groups",
        destructive=True, losses=ITSELF, frame="groups", trace=ITSELF,
    ),
    Kind(
        "group_member", "add", "ajouté", "à ajouter", "ajoutés", "groups.add_members", inverse="remove",
        gains=GROUP_MEMBER, frame="group_members", trace=GROUP_MEMBER,
    ),
    Kind(
        "group_member", "remove", "retiré", "à retirer", "retirés", "groups.remove_members", inverse="add",
        destructive=True, losses=GROUP_MEMBER, frame="group_members", trace=GROUP_MEMBER,
    ),
    Kind(
        "enrolment", "copy_key", "gardé", "à garder", "gardés", "people.publish",
        inverse="drop_key", gains=ROW, **TABLE,
    ),
    Kind(
        "enrolment", "drop_key", "effacé", "à effacer", "effacés", "people.publish", inverse="copy_key",
        destructive=True, losses=ROW, **TABLE,
    ),
    Kind(
        "enrolment", "enrol", "publié", "à publier", "inscrits", "people.publish",
        inverse="unenrol", gains=ROW, **TABLE,
    ),
    Kind(
        "enrolment", "unenrol", "retiré", "à retirer", "désinscrits", "people.publish", inverse="enrol",
        destructive=True, losses=ROW, **TABLE,
    ),
]  # fmt: skip
KINDS: dict[tuple[str, str], Kind] = {(kind.object, kind.verb): kind for kind in _ALL}
DESTRUCTIVE = frozenset(kind.id for kind in _ALL if kind.destructive)
"""The ids of the kinds that take something away."""
PROPOSED = {kind.id: kind.question for kind in _ALL if kind.question}
"""The ids of the kinds that people are always asked about, and their question."""
