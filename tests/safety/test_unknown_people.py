"""REFER's people whom LDAP does not know: past the limit one of the two was read wrong; the limit is the way out."""

from __future__ import annotations

import pytest

from ecampus.errors import TruncatedRead
from ecampus.limits import Unknown
from ecampus.safety.unknown import require_known
from world import World, university


def known_to_ldap(known: int, of: int) -> World:
    """So many of REFER's students are in LDAP."""
    return university(
        people="code ; INCONNU ; " + " ; ".join(f"S{n}" for n in range(known)),
        inscription_administrative="code_etudiant ; " + " ; ".join(f"S{n}" for n in range(of)),
    )


@pytest.mark.parametrize(("known", "of"), [(0, 3), (7, 10), (26, 30)])
def test_three_people_and_more_than_a_tenth_of_refers_stop_the_phase_until_the_site_allows_more(known, of):
    inputs = known_to_ldap(known, of).inputs("users")
    with pytest.raises(TruncatedRead) as refused:
        require_known(inputs, Unknown())
    assert str(refused.value) == (
        f"L'annuaire LDAP ne connaît que {known} des {of} étudiants de REFER (il en faut 90 %) : aucun compte n'est"
        " modifié ; vérifier la lecture de l'annuaire, et le remplissage des codes de personne (réglages"
        " « *_code_length » de la connexion « ldap ») ; si ces personnes n'y sont vraiment pas, relever"
        " « unknown_people » dans include/limits.toml, puis relancer la phase."
    )
    require_known(inputs, Unknown(percent=100))
    require_known(inputs, Unknown(fewest=of - known + 1))


@pytest.mark.parametrize(("known", "of"), [(0, 2), (8, 10), (27, 30), (0, 0)])
def test_fewer_stop_nothing(known, of):
    require_known(known_to_ldap(known, of).inputs("users"), Unknown())


def test_the_two_populations_are_counted_apart():
    world = university(
        people="code | population ; " + " ; ".join(f"{n} | student" for n in range(50)),
        inscription_administrative="code_etudiant ; " + " ; ".join(str(n) for n in range(50)),
        seance_ade="code_element | code_enseignant ; L1 | 1 ; L1 | 2 ; L1 | 3",
    )
    with pytest.raises(TruncatedRead, match="0 des 3 enseignants"):
        require_known(world.inputs("users"), Unknown())


def test_a_phase_that_does_not_read_the_directory_is_not_concerned():
    require_known(known_to_ldap(0, 30).inputs("enrolments"), Unknown())
