"""People whom LDAP does not know, knows twice, or knows badly."""

from sandbox.university.cases.facts import RULE, Case, Person, element, group, ia, session, student, teacher

UID_TAKEN = "e2900121"
"""Tom's login: the sandbox's Moodle holds a hand-made account of another auth method under this username."""

_ETU = "@etu.univ-campus.fr"

_TOM = Person("22900121", "Tom", "Renouf", f"tom.renouf{_ETU}", UID_TAKEN)
_OCEANE = Person("22900122", "Océane", "Tirel", None, "e2900122")
_PAUL = Person("22900123", "Paul", "Sans-Mail", None, "e2900123")
_ADAM = Person("22900124", "Adam", "Jumel", f"jumel{_ETU}", "e2900124")
_EVE = Person("22900125", "Ève", "Jumel", f"jumel{_ETU}", "e2900125")
_YANN = Person("22900126", "Yann", "Double", f"yann.double{_ETU}", "e2900126")
_YANN_AGAIN = Person("22900126", "Yann", "Double-Second", f"yann.double2{_ETU}", "e9900126")
_NO_CODE = Person("", "Éric", "Passager", f"eric.passager{_ETU}", "e2900127")
_SACHA = Person("22900128", "Sacha", "Majuscule", f"sacha.majuscule{_ETU}", "E2900128")
_ZOE = Person("22900129", None, "Zoé", f"zoe{_ETU}", "e2900129")
_JULES = Person("22900130", 'Jules "Juju"', "O'Neill & <b>Fils</b>", f"jules.oneill{_ETU}", "e2900130")
_KIM = Person("22900131", "Kim", "Doctorante", f"kim.doctorante{_ETU}", "e2900131")
_KIM_TEACHES = Person("00090131", "Kim", "Doctorante", "kim.doctorante@univ-campus.fr", "p0090131")
_GHOST = Person("00090132", "Guy", "Fantôme", None, "p0090132")

_ENROLLED = (_TOM, _PAUL, _ADAM, _EVE, _YANN, _SACHA, _ZOE, _JULES, _KIM)

CASES = (
    Case(
        RULE,
        "M1CAS101 rassemble, dans son TD1, les étudiants dont le compte est difficile.",
        element("M1CAS101", "droit des données personnelles", "MCAS1_1"),
        group("M1CAS101-TD1", "TD1 données personnelles", on=["M1CAS101"], members=[*_ENROLLED, _OCEANE]),
        *(ia(person, "MCAS1_1") for person in (*_ENROLLED, _OCEANE)),
    ),
    Case(
        "COMPTE_ABSENT",
        "Océane (22900122) est dans REFER et pas dans LDAP ; M. Fantôme (00090132), planifié, non plus.",
        session("ADE900601", "M1CAS101", _GHOST),
    ),
    Case(
        "COMPTE_AUTRE_AUTH",
        f"Le login de Tom, {UID_TAKEN}, est celui d'un compte d'ecampus créé à la main, d'une autre méthode.",
        student(_TOM),
    ),
    Case("EMAIL_ABSENT", "Paul n'a pas d'adresse dans LDAP.", student(_PAUL)),
    Case("EMAIL_DOUBLE", "Adam et Ève ont la même adresse dans LDAP.", student(_ADAM), student(_EVE)),
    Case("COMPTE_AMBIGU", "Yann a deux entrées LDAP pour un code.", student(_YANN), student(_YANN_AGAIN)),
    Case("COMPTE_AMBIGU", "L'entrée LDAP de M. Passager n'a pas de code étudiant.", student(_NO_CODE)),
    Case(RULE, "Le login de Sacha est en majuscules dans LDAP : il passe en minuscules.", student(_SACHA)),
    Case(RULE, "Zoé n'a pas de prénom dans LDAP.", student(_ZOE)),
    Case(RULE, "Le nom de Jules porte guillemets, apostrophe, « & » et balises.", student(_JULES)),
    Case(
        RULE,
        "Kim, doctorante, est étudiante et enseignante : deux comptes, e2900131 et p0090131.",
        student(_KIM),
        teacher(_KIM_TEACHES),
        session("ADE900602", "M1CAS101", _KIM_TEACHES),
    ),
)
