"""The authentication method of the accounts that are ours: whether this Moodle has it. No web service lists them.

``cas`` came with Moodle until 4.5; since 5.0 its plugin is installed apart, and an upgrade without it leaves accounts
whose method does not exist: ``core_user_get_users`` then answers none at all.
"""

from __future__ import annotations

from ecampus.errors import SourceRefused
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.words.clean import printable

ALWAYS = frozenset({"manual", "nologin"})
"""Methods that no site can do without."""
NOBODY = 0
"""No account has this id."""
UNINSTALLED = "invalidparameter"
UNSHOWN = "invalidresponse"
MOVED = {"cas": ", qui n'est plus livré avec Moodle depuis la version 5.0"}


def require(client: MoodleClient, auth: str) -> None:
    """Raise SourceRefused when no plugin of this Moodle is the method ``auth``: it would refuse each account, unnamed.

    Asked as a change to an account that cannot be: Moodle looks at the method first, then warns that there is no such
    account, and changes nothing.
    """
    try:
        client.call("core_user_update_users", users=[{"id": NOBODY, "auth": auth}])
    except MoodleRefusal as refusal:
        if refusal.errorcode != UNINSTALLED:
            raise
        raise SourceRefused(
            f"La méthode d'authentification « {printable(auth)} » n'est pas installée sur Moodle ({client.url}), qui"
            f" refuserait chaque compte : un administrateur y installe {_plugin(auth)}, ou corrige « auth » dans la"
            " connexion « moodle »."
        ) from None


def require_enabled(auth: str, enabled: str, url: str) -> None:
    """Raise SourceRefused unless ``auth`` is among the methods that Moodle's setting of that name lists."""
    if auth not in {*ALWAYS, *enabled.split(",")}:
        raise SourceRefused(
            f"La méthode d'authentification « {printable(auth)} » n'est pas activée sur Moodle ({url}) : un"
            f" administrateur y installe {_plugin(auth)}, et l'active dans Administration › Plugins › Authentification,"
            " ou corrige « auth » dans la connexion « moodle »."
        )


def unshown(client: MoodleClient, refusal: MoodleRefusal) -> SourceRefused:
    """Why Moodle does not show any account: it finds in one of them a value that it no longer knows."""
    return SourceRefused(
        f"Moodle ({client.url}) ne montre plus aucun compte ({refusal.words}) : l'un d'eux au moins a sans doute une"
        " méthode d'authentification qui n'y est pas installée ; un administrateur installe le greffon qui manque (pour"
        f" « cas », {_plugin('cas')}), ou donne à ces comptes une autre méthode."
    )


def _plugin(auth: str) -> str:
    return f"le greffon auth_{printable(auth)}{MOVED.get(auth, '')}"
