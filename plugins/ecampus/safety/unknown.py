"""REFER's people whom LDAP does not know: too many of them, and one of the two was read wrong."""

from __future__ import annotations

from ecampus.changes import users
from ecampus.changes.draft import Inputs
from ecampus.errors import TruncatedRead
from ecampus.joins import among
from ecampus.limits import UNKNOWN, Unknown

POPULATIONS = {"student": "étudiants", "staff": "enseignants"}


def require_known(inputs: Inputs, limits: Unknown) -> None:
    """Raise TruncatedRead when more of REFER's people than ``limits`` allow are not in LDAP, where the phase reads it.

    Each population is judged on its own, since staff are few beside students. The way out is the limit itself.
    """
    if "people" not in inputs.source:
        return
    people, refer = users.cleaned(inputs.source["people"], inputs.settings.padding), users.in_refer(inputs)
    for population, who in POPULATIONS.items():
        wanted = refer.loc[refer["population"] == population, "code"]
        unknown = len(wanted) - among(wanted, people.loc[people["population"] == population, "code"]).sum()
        if unknown >= limits.fewest and unknown * 100 > limits.percent * len(wanted):
            raise TruncatedRead(
                f"L'annuaire LDAP ne connaît que {len(wanted) - unknown} des {len(wanted)} {who} de REFER (il en faut"
                f" {100 - limits.percent:g} %) : aucun compte n'est modifié ; vérifier la lecture de l'annuaire, et le"
                " remplissage des codes de personne (réglages « *_code_length » de la connexion « ldap ») ; si ces"
                f" personnes n'y sont vraiment pas, relever « {UNKNOWN} » dans include/limits.toml, puis relancer la"
                " phase."
            )
