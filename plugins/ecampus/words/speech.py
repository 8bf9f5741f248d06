"""What was done, as a person would tell it: the sentences of the task logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ecampus.kinds import KINDS, OBJECTS
from ecampus.words.clean import printable
from ecampus.words.progress import figure

FIELDS = {
    "firstname": "prénom",
    "lastname": "nom",
    "email": "courriel",
    "idnumber": "code",
}
TOP = "la racine"


def sentence(row: Any, planned: bool = False) -> str:
    """«Cours créé : L1MAT101 - algèbre linéaire (catégorie LMATH1_1)»; planned: «Cours à créer : …».

    ``row``: a change of a plan (attributes object, verb, key, name, place, before, after). Names of people are never
    told; what Moodle or a person wrote becomes one line of what can be seen.
    """
    what, kind = OBJECTS[row.object], KINDS[row.object, row.verb]
    verb = kind.to_do if planned else agreed(kind.done, what.feminine)
    before, after = fields(row.before), fields(row.after)
    return printable(f"{capital(what.noun)} {verb} : {subject(row)}{detail(row, before, after)}")


def title(rows: Any) -> str:
    """What a step is about, before its progress: «Cours à créer»."""
    object_, verb = rows["object"].iloc[0], rows["verb"].iloc[0]
    return f"{capital(OBJECTS[object_].nouns)} {KINDS[object_, verb].to_do}"


def capital(words: str) -> str:
    """The words with a capital."""
    return words[:1].upper() + words[1:]


def counted(counts: Mapping[str, Mapping[str, int]], planned: bool = False) -> str:
    """«12 cours créés, 3 groupes renommés», or «à créer»; «aucun changement» without any."""
    told = [
        numbered(kind, verb, number, planned)
        for kind, verbs in folded(counts).items()
        for verb, number in verbs.items()
    ]
    return ", ".join(told) or "aucun changement"


def folded(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The same, less the rows of an old code or login whose copies are kept: nobody loses by them."""
    return {
        kind: {verb: number for verb, number in verbs.items() if verb != "drop_key" or "copy_key" not in verbs}
        for kind, verbs in counts.items()
    }


def numbered(kind: str, verb: str, number: int, planned: bool = False) -> str:
    """«1 catégorie créée», «12 cours à créer»."""
    what, change = OBJECTS[kind], KINDS[kind, verb]
    action = change.to_do if planned else agreed(change.done, what.feminine, number > 1)
    return f"{figure(number)} {what.nouns if number > 1 else what.noun} {action}"


def agreed(participle: str, feminine: bool, several: bool = False) -> str:
    """The participle in its gender and number: «créée», «mises à jour»."""
    word, _, rest = participle.partition(" ")
    word += "e" if feminine else ""
    word += "s" if several and not word.endswith("s") else ""
    return f"{word} {rest}".rstrip()


def subject(row: Any) -> str:
    """The object's full name where it begins with its code, else its key and its name."""
    if not row.name or row.object == "account":
        return str(row.key)
    return str(row.name) if str(row.name).startswith(str(row.key)) else f"{row.key} « {row.name} »"


def detail(row: Any, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What the verb adds: the category, the old name, the archive's code."""
    match row.object, row.verb:
        case "course", "create":
            return f" (catégorie {after['category_code']})"
        case "category", "create":
            return f" (dans {after.get('parent_code', TOP)})"
        case "course", "move":
            return f" (de {before.get('category_code', 'la catégorie sans code')} vers {after['category_code']})"
        case "category", "move":
            return f" (de {before.get('parent_code', TOP)} vers {after.get('parent_code', TOP)})"
        case "course", "archive":
            return f" (devient {after['idnumber']})"
        case "group", "archive":
            return f" (devient « {after['name']} »)"
        case "course", "recode":
            return f" (avait le code {before['code']})"
        case "account", "recode":
            return f" (code {row.place}, avait le code {before['code']})"
        case "course", "restore":
            return f" (était {before.get('idnumber', 'sans code')})"
        case "account", "rename":
            return f" (s'appelait {before['username']})"
        case "account", "update":
            return f" ({', '.join(FIELDS[field] for field in after)})"
        case (_, "rename") | ("group", "restore"):
            return f" (s'appelait « {before.get('fullname', before.get('name', ''))} »)"
    return ""


def fields(text: Any) -> dict[str, Any]:
    """``before`` or ``after`` of one change."""
    return json.loads(text) if isinstance(text, str) else {}
