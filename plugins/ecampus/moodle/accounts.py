"""The accounts that Moodle has now, as frames; a deleted one is none, nor one that another site lends."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import pandas as pd

from ecampus.errors import SourceRefused, TruncatedRead
from ecampus.moodle import methods
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.moodle.passing import require_all, settled
from ecampus.moodle.rows import CHUNK, Row, chunks, frame, require_shown

LOG = logging.getLogger("ecampus")
BY_FIELD = "core_user_get_users_by_field"
GUEST = "guest"
MD5 = re.compile(r"[0-9a-f]{32}")
ELSEWHERE = "mnet"
"""The method of accounts that another site lends (MNet)."""


def users(client: MoodleClient) -> pd.DataFrame:
    """id, username, idnumber, auth, firstname, lastname, email, suspended, created; deleted accounts left out.

    So are those that another site lends (MNet): they may have the usernames of ours. One call, 3 ms a user. An idnumber
    or an e-mail that is empty or hidden is null. Accounts that the token may not see are absent without a word: the
    guest's, which every site has, tells whether it sees them all. Raises SourceRefused.
    """
    try:
        answer = settled(client, "core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])
    except MoodleRefusal as refusal:
        raise methods.unshown(client, refusal) if refusal.errorcode == methods.UNSHOWN else refusal from None
    accounts = _accounts(answer["users"])
    if GUEST not in set(accounts["username"]):
        raise SourceRefused(
            f"Le compte du jeton Moodle ne voit que {len(accounts)} comptes, sans celui du visiteur anonyme que tout"
            " site a : un administrateur ajoute la capacité moodle/user:viewdetails à son rôle, au niveau du site."
        )
    return _one_each(accounts)


def named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``users``, those of ``ids`` that Moodle still has; each is an account that it showed before.

    It answers each of them, deleted or not: an answer that lacks one was cut, or the token sees it no more, and proves
    nothing of it. Raises TruncatedRead then.
    """
    rows: list[Row] = []
    for chunk in chunks(ids, CHUNK):
        answer = client.call(BY_FIELD, field="id", values=list(chunk))
        require_all(BY_FIELD, [row["id"] for row in answer], chunk)
        rows += [row for row in answer if not _deleted(row)]
    return _accounts(rows)


def _accounts(rows: list[Row]) -> pd.DataFrame:
    rows = [row for row in rows if row.get("auth") != ELSEWHERE]
    require_shown(rows, ["username", "auth", "suspended"], "tous les utilisateurs", "moodle/user:viewalldetails")
    require_shown(
        rows, ["email"], "tous les utilisateurs", "moodle/site:viewuseridentity (et « email » à showuseridentity)"
    )
    text = ["username", "idnumber", "auth", "firstname", "lastname", "email"]
    columns = ["id", "username", "idnumber", "auth", "firstname", "lastname", "email", "suspended", "created"]
    return frame(rows, columns, text=text, flags=["suspended"])


def known(client: MoodleClient, ids: Sequence[int], witness: int) -> pd.DataFrame:
    """user_id: those of ``ids`` that Moodle still has; deleted accounts, which it answers too, are not among them.

    ``witness``: an account that it showed a moment ago, asked for each time: an answer without it proves nothing.
    Raises TruncatedRead then.
    """
    there: list[int] = []
    for chunk in chunks(ids, CHUNK):
        rows = client.call(BY_FIELD, field="id", values=[*chunk, witness])
        found = {int(row["id"]) for row in rows if not _deleted(row)}
        if witness not in found:
            raise TruncatedRead(
                f"Moodle ne montre plus le compte n° {witness} qu'il vient de montrer : on ne sait pas quels comptes"
                " ont été supprimés et rien n'est écrit ; relancer la phase."
            )
        there.extend(sorted(found & set(chunk)))
    return frame([{"user_id": id_} for id_ in there], ["user_id"])


def _one_each(accounts: pd.DataFrame) -> pd.DataFrame:
    """Without those whose username an older account has: only its method tells a lent account, and that can change."""
    twice = accounts.sort_values("id").duplicated("username").sort_index()
    if twice.any():
        numbers = ", ".join(str(id_) for id_ in accounts.loc[twice, "id"].head(5))
        LOG.warning(
            "Comptes laissés de côté, leur identifiant est celui d'un compte plus ancien : n° %s ; un administrateur"
            " les renomme ou les supprime.",
            numbers,
        )
    return accounts[~twice].reset_index(drop=True)


def _deleted(account: Row) -> bool:
    """Moodle (``delete_user``) empties the idnumber and puts the MD5 of the login, which no address can be."""
    return "idnumber" not in account and bool(MD5.fullmatch(account.get("email", "")))
