"""What the search box answers when it is not one thing that was asked for."""

from __future__ import annotations

from ecampus.words import searching


def test_nothing_of_that_name():
    assert searching.unknown("zzz", []) == (
        "Ni personne, ni cours, ni groupe, ni étape n'est connu sous « zzz » cette nuit. Écrire un code (étudiant,"
        " enseignant, élément, groupe, étape), un identifiant ou un nom ; ou une personne puis le code d'un cours."
    )
    assert (
        searching.unknown("zzz", ["Groupes"])
        == "Rien n'est connu encore sous « zzz ». Jamais calculé encore : Groupes."
    )


def test_several_people_or_places_of_one_name():
    assert searching.several(4, 50) == "4 personnes répondent à cela. De laquelle s'agit-il ?"
    assert searching.several(51, 50) == (
        "Plus de 50 personnes répondent à cela, en voici 50. Préciser le nom, ou écrire un code."
    )
    assert searching.places(2, 50) == "2 cours, groupes ou étapes portent ce nom. Duquel s'agit-il ?"
    assert searching.places(51, 50) == (
        "Plus de 50 cours, groupes ou étapes portent ce nom, en voici 50. Le préciser, ou écrire un code."
    )


def test_who_or_what_each_of_them_is():
    assert searching.choice("Hébert Yanis", "22100147", None, "e2100147") == "Hébert Yanis, étudiant 22100147, e2100147"
    assert searching.choice("", None, "41", None) == "enseignant ou personnel 41, sans identifiant"
    assert searching.place("cours", "L1CAS101", "mécanique du point") == "L1CAS101 « mécanique du point » (cours)"
