"""What the scolarité does in a day to categories, elements, étapes and groups."""

from sandbox.changes.day import Day, NoCandidate

_BULK = "code NOT LIKE '%CAS%' AND annee = :annee"

_PLAIN = f"""
SELECT code FROM refer_element WHERE {_BULK} AND a_distance = 'N'
AND code NOT IN (SELECT code_porte FROM refer_porte UNION SELECT code_porteur FROM refer_porte)
"""
"""Elements that are neither distance, nor porté, nor porteur, and no hand-written case."""

_SAME_SUBJECT = f"{_PLAIN} AND SUBSTR(code, 3, 2) = SUBSTR(:like, 3, 2)"

_GROUP_CODES = "SELECT code FROM refer_groupe WHERE annee = :annee"

_TWO_TD = f"{_PLAIN} AND code || '-TD1' IN ({_GROUP_CODES}) AND code || '-TD2' IN ({_GROUP_CODES})"

_SISTERS = f"""
SELECT code FROM refer_etape WHERE {_BULK} AND code NOT LIKE 'DU%' AND code <> :old
AND code_composante = (SELECT code_composante FROM refer_etape WHERE code = :old)
"""
"""The other étapes of the composante; their categories have the same codes."""

_PORTES = f"SELECT code FROM refer_element WHERE {_BULK} AND code IN (SELECT code_porte FROM refer_porte)"

_OF_EACH = f"""
SELECT e.code, c.code_composante FROM refer_element e
JOIN refer_categorie c ON c.code = e.code_categorie AND c.annee = e.annee
WHERE e.annee = :annee AND e.code IN ({_PLAIN})
"""

_NEW_SYLLABUS = " : nouvelle maquette"


def rename_element(day: Day) -> None:
    """Un élément change d'intitulé."""
    (code,) = day.pick(_PLAIN)
    old, new = _relabel(day, "refer_element", code)
    day.say(f"Élément {code} renommé : «{old}» devient «{new}».")


def move_element(day: Day) -> None:
    """Un élément change de catégorie."""
    (code,) = day.pick(_PLAIN)
    old = day.rows("refer_element", code=code)[0]["code_categorie"]
    (new,) = day.pick(_SISTERS, old=old)
    day.change("refer_element", {"code": code}, code_categorie=new)
    day.say(f"Élément {code} déplacé de {old} vers {new}.")


def add_element(day: Day) -> None:
    """Un élément est créé, avec un groupe et un enseignant."""
    (model,) = day.pick(_PLAIN)
    code = f"{model[:5]}9{day.number % 100:02}"
    if day.rows("refer_element", code=code):
        raise NoCandidate(code)
    category = day.rows("refer_element", code=model)[0]["code_categorie"]
    label = f"projet collectif {day.number}"
    day.add("refer_element", code=code, libelle=label, code_categorie=category, a_distance="N")
    day.add("refer_groupe", code=f"{code}-TD1", libelle=f"TD1 {label}", code_collection=f"{code}-TD")
    day.add("refer_groupe_element", code_groupe=f"{code}-TD1", code_element=code)
    for row in day.rows("refer_inscription_pedagogique", code_element=model)[:6]:
        day.add("refer_inscription_pedagogique", **(row | {"code_element": code}))
        day.add("refer_groupe_etudiant", code_groupe=f"{code}-TD1", code_etudiant=row["code_etudiant"])
    day.add("refer_seance_ade", **(day.rows("refer_seance_ade", code_element=model)[0] | {"code_element": code}))
    day.say(f"Nouvel élément {code} «{label}» dans {category}, avec un TD et un enseignant.")


def remove_element(day: Day) -> None:
    """Un élément disparaît, avec ses groupes."""
    (code,) = day.pick(_PLAIN)
    with day.until_tomorrow(f"L'élément {code} revient, avec ses groupes et ses étudiants."):
        day.remove("refer_element", code=code)
        for link in day.remove("refer_groupe_element", code_element=code):
            if not day.rows("refer_groupe_element", code_groupe=link["code_groupe"]):
                _remove_group(day, str(link["code_groupe"]))
        day.remove("refer_inscription_pedagogique", code_element=code)
        day.remove("refer_seance_ade", code_element=code)
    day.say(f"L'élément {code} disparaît, avec ses groupes.")


def change_porteur(day: Day) -> None:
    """Un porté change de porteur."""
    (porte,) = day.pick(_PORTES)
    (porteur,) = day.pick(_SAME_SUBJECT, like=porte)
    old = day.rows("refer_porte", code_porte=porte)[0]["code_porteur"]
    day.change("refer_porte", {"code_porte": porte}, code_porteur=porteur)
    for link in day.rows("refer_groupe_element", code_element=porte):
        day.remove("refer_groupe_element", code_groupe=link["code_groupe"], code_element=old)
        day.add("refer_groupe_element", code_groupe=link["code_groupe"], code_element=porteur)
    day.say(f"Le porté {porte} change de porteur : {old} devient {porteur}, et ses groupes le suivent.")


def become_porte(day: Day) -> None:
    """Un élément devient porté."""
    (porte,) = day.pick(_PLAIN)
    (porteur,) = day.pick(_SAME_SUBJECT, like=porte)
    with day.until_tomorrow(f"L'élément {porte} n'est plus porté par {porteur}."):
        day.add("refer_porte", code_porte=porte, code_porteur=porteur)
        for link in day.rows("refer_groupe_element", code_element=porte):
            day.add("refer_groupe_element", code_groupe=link["code_groupe"], code_element=porteur)
    day.say(f"L'élément {porte} devient porté par {porteur} ; ses groupes sont communs.")


def leave_distance(day: Day) -> None:
    """Un élément n'est plus à distance."""
    (code,) = day.pick(f"SELECT code FROM refer_element WHERE {_BULK} AND a_distance = 'O'")
    with day.until_tomorrow(f"L'élément {code} est de nouveau à distance, avec son groupe CEMU."):
        day.change("refer_element", {"code": code}, a_distance="N")
        day.remove("refer_groupe_element", code_groupe=f"{code}-CEMU")
        _remove_group(day, f"{code}-CEMU")
    day.say(f"L'élément {code} n'est plus à distance ; son groupe CEMU est supprimé.")


def change_categories(day: Day) -> None:
    """Des catégories sont renommées, déplacées, créées, supprimées."""
    leaves = f"SELECT code FROM refer_categorie WHERE {_BULK} AND code LIKE '%\\_1' ESCAPE '\\'"
    renamed, moved = day.pick(leaves, 2)
    empty = "SELECT code FROM refer_categorie WHERE annee = :annee AND code LIKE 'PREP%'"
    (gone,) = day.pick(empty)
    old, new = _relabel(day, "refer_categorie", renamed)
    day.say(f"Catégorie {renamed} renommée : «{old}» devient «{new}».")
    _move_category(day, moved)
    with day.until_tomorrow(f"La catégorie {gone} revient."):
        day.remove("refer_categorie", code=gone)
    day.say(f"La catégorie {gone}, vide, disparaît.")
    code = f"PREP{day.number}"
    label = f"préparation de la rentrée, volet {day.number}"
    day.add("refer_categorie", code=code, libelle=label, code_parent="SCIENCES", code_composante="SCIENCES")
    day.say(f"Nouvelle catégorie {code} «{label}», encore vide.")


def change_etapes(day: Day) -> None:
    """Des étapes sont renommées, créées, supprimées."""
    (renamed,) = day.pick(f"SELECT code FROM refer_etape WHERE {_BULK} AND code NOT LIKE 'DU%'")
    (gone,) = day.pick("SELECT code FROM refer_etape WHERE annee = :annee AND code LIKE 'DU%'")
    old, new = _relabel(day, "refer_etape", renamed)
    day.say(f"Étape {renamed} renommée : «{old}» devient «{new}».")
    with day.until_tomorrow(f"L'étape {gone} revient, avec ses inscrits."):
        day.remove("refer_etape", code=gone)
        day.remove("refer_inscription_administrative", code_etape=gone)
    day.say(f"L'étape {gone} disparaît.")
    code, label = f"DU{day.number:03}_1", f"diplôme d'université n° {day.number}"
    day.add("refer_etape", code=code, libelle=label, code_composante="LANGUES")
    enrolled = "SELECT code_etudiant FROM refer_inscription_administrative WHERE annee = :annee"
    for student in day.pick(enrolled + " AND code_etudiant NOT LIKE '229%'", 3):
        day.add("refer_inscription_administrative", code_etudiant=student, code_etape=code, tele_enseignement="N")
    day.say(f"Nouvelle étape {code} «{label}», trois inscrits.")


def change_groups(day: Day) -> None:
    """Des groupes sont renommés, créés, supprimés."""
    renamed, divided, reduced = day.pick(_TWO_TD, 3)
    old, new = _relabel(day, "refer_groupe", f"{renamed}-TD1", " (salle informatique)")
    day.say(f"Groupe {renamed}-TD1 renommé : «{old}» devient «{new}».")
    _divide(day, divided)
    with day.until_tomorrow(f"Le groupe {reduced}-TD2 revient, avec ses étudiants."):
        day.remove("refer_groupe_element", code_groupe=f"{reduced}-TD2")
        for row in _remove_group(day, f"{reduced}-TD2"):
            day.add("refer_groupe_etudiant", code_groupe=f"{reduced}-TD1", code_etudiant=row)
    day.say(f"Le groupe {reduced}-TD2 disparaît ; ses étudiants passent dans le TD1.")


def relabel_composante(day: Day) -> None:
    """La plus petite composante que rien d'autre ne touche change tous ses intitulés : plus que les limites."""
    elements: dict[str, list[str]] = {}
    for code, composante in day.pairs(_OF_EACH):
        elements.setdefault(composante, []).append(code)
    touched = {name for name, codes in elements.items() if any(day.has_changed(code) for code in codes)}
    chosen = min(elements, key=lambda name: (name in touched, len(elements[name])))
    for code in elements[chosen]:
        label = str(day.rows("refer_element", code=code)[0]["libelle"]).partition(" (révision")[0]
        day.change("refer_element", {"code": code}, libelle=f"{label} (révision {day.number})")
    number = len(elements[chosen])
    day.say(f"La composante {chosen} change l'intitulé de {number} éléments d'un coup (révision {day.number}).")


def _relabel(day: Day, table: str, code: str, mark: str = _NEW_SYLLABUS) -> tuple[str, str]:
    """Add the mark to the label, or take it back: the old label and the new one."""
    old = str(day.rows(table, code=code)[0]["libelle"])
    new = old.removesuffix(mark) if old.endswith(mark) else old + mark
    day.change(table, {"code": code}, libelle=new)
    return old, new


def _move_category(day: Day, code: str) -> None:
    row = day.rows("refer_categorie", code=code)[0]
    old, composante = row["code_parent"], row["code_composante"]
    new = composante if old != composante else code[:5]
    day.change("refer_categorie", {"code": code}, code_parent=new)
    day.say(f"Catégorie {code} déplacée de {old} vers {new}.")


def _divide(day: Day, element: str) -> None:
    code, label = f"{element}-TD{10 + day.number}", f"TD{10 + day.number} groupe dédoublé"
    day.add("refer_groupe", code=code, libelle=label, code_collection=f"{element}-TD")
    day.add("refer_groupe_element", code_groupe=code, code_element=element)
    for row in day.rows("refer_groupe_etudiant", code_groupe=f"{element}-TD1")[:3]:
        day.change("refer_groupe_etudiant", row, code_groupe=code)
    day.say(f"Nouveau groupe {code} ; trois étudiants du TD1 y passent.")


def _remove_group(day: Day, code: str) -> list[str]:
    """Remove a group; gives its students."""
    day.remove("refer_groupe", code=code)
    return [str(row["code_etudiant"]) for row in day.remove("refer_groupe_etudiant", code_groupe=code)]


VERBS = (
    rename_element,
    move_element,
    add_element,
    change_porteur,
    become_porte,
    leave_distance,
    change_categories,
    change_etapes,
    change_groups,
    remove_element,
)
BEYOND = (relabel_composante,)
"""What the limits hold."""
