"""What an LDAP entry says of a person: which attributes, which codes, which of its values can be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from ecampus.errors import SettingUnreadable

NAMES = ("uid", "sn", "given_name", "mail")
POPULATIONS = ("student", "staff")
LOST = "\N{REPLACEMENT CHARACTER}"
INVISIBLE = {"Cc", "Cf"}


@dataclass(frozen=True)
class DirectorySettings:
    """Where people are; defaults after Caen's public settings, each one a key of the extra."""

    base: str = "ou=people"
    students: str = "(&(uid=e*)(eduPersonAffiliation=student))"
    staff: str = "(uid=p*)"
    student_code: str = "supannEtuId"
    staff_code: str = "supannEmpId"
    uid: str = "uid"
    sn: str = "sn"
    given_name: str = "givenName"
    mail: str = "mail"
    page_size: int = 500
    student_code_length: int = 0
    staff_code_length: int = 0
    student_uid: str = "e.*"
    staff_uid: str = "p.*"

    @classmethod
    def of(cls, extra: dict[str, Any]) -> DirectorySettings:
        """Settings named by the extra of a connection, which may hold other keys too.

        ``student_uid`` and ``staff_uid`` are regular expressions of a whole login: what tells a population by it. A
        site with a filter of its own, which may know another form of logins, has none until it gives one.
        """
        given: dict[str, Any] = {}
        for one in fields(cls):
            if extra.get(one.name) not in (None, ""):
                given[one.name] = _setting(one.name, extra[one.name], type(one.default))
        for filtered, form in (("students", "student_uid"), ("staff", "staff_uid")):
            if given.get(filtered, getattr(cls, filtered)) != getattr(cls, filtered):
                given.setdefault(form, "")
        for form in ("student_uid", "staff_uid"):
            _require_pattern(form, given.get(form, ""))
        return cls(**given)

    def attribute(self, population: str) -> str:
        """The attribute that holds the codes of that population."""
        return self.student_code if population == "student" else self.staff_code

    def length(self, population: str) -> int:
        """The length up to which codes of that population are padded with zeros (0: none)."""
        return self.student_code_length if population == "student" else self.staff_code_length


@dataclass(frozen=True)
class Entry:
    """What one entry says: texts by name, codes by population; ``unreadable``: attributes that are no UTF-8."""

    dn: str
    names: dict[str, str | None]
    codes: dict[str, list[str]]
    unreadable: tuple[str, ...]
    sought: frozenset[str] = field(default_factory=frozenset)


def entry(dn: str, raw: dict[str, list[bytes]], settings: DirectorySettings) -> Entry:
    """What an entry says in the attributes of the settings, whose names have no case."""
    values = {name.lower(): [_text(value) for value in found] for name, found in raw.items()}
    attributes = {name: getattr(settings, name).lower() for name in NAMES}
    codes = {population: settings.attribute(population).lower() for population in POPULATIONS}
    names = {name: next(iter(values.get(attribute, [])), "") for name, attribute in attributes.items()}
    if names["uid"]:
        names["uid"] = names["uid"].lower()
    unreadable = [a for name, a in attributes.items() if names[name] is None]
    unreadable += [a for a in dict.fromkeys(codes.values()) if None in values.get(a, [])]
    return Entry(
        dn,
        {name: text or None for name, text in names.items()},
        {population: [text for text in values.get(a, []) if text] for population, a in codes.items()},
        tuple(unreadable),
    )


def _text(value: bytes) -> str | None:
    """A value as text, '' when it says nothing; None when it is no UTF-8, or was spoilt before it came here."""
    try:
        text = unicodedata.normalize("NFC", value.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if not text.isprintable():
        text = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in INVISIBLE)
    return None if LOST in text else " ".join(text.split())


def identities(found: Entry, settings: DirectorySettings) -> Iterator[tuple[Any, ...]]:
    """The rows of an entry: entry, population, code, sought, uid, sn, given_name, mail, unreadable.

    Where one attribute holds the codes of everybody, only the filter tells whose they are.
    """
    alike = settings.student_code.lower() == settings.staff_code.lower()
    carried = [
        (population, code.zfill(settings.length(population)), population in found.sought)
        for population in POPULATIONS
        if population in found.sought or not alike
        for code in dict.fromkeys(found.codes[population])
    ]
    nobody = [(min(found.sought, key=POPULATIONS.index), None, True)]
    names = [found.names[name] for name in NAMES]
    for population, code, sought in carried or nobody:
        yield (found.dn, population, code, sought, *names, ", ".join(found.unreadable) or None)


def _setting(name: str, value: Any, kind: type) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise SettingUnreadable(
            f"Connexion « ldap » : {name} vaut « {value} », un nombre entier est attendu."
        ) from None


def _require_pattern(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise SettingUnreadable(
            f"Connexion « ldap » : {name} vaut « {pattern} », qui n'est pas une expression régulière ({error}) ; y"
            " décrire tout l'identifiant, par exemple « e.* »."
        ) from None
