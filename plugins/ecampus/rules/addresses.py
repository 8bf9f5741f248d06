"""E-mail addresses: which of them Moodle accepts, who has one that several want, and in what order they move."""

from __future__ import annotations

import re
from collections.abc import Hashable

import pandas as pd

LENGTH = 100  # Moodle 4.5: user.email
SUSPENDED = "@suspendu.invalid"
"""Behind an account's id: the address of an account that gave its own up."""

_ATOM = r"[!#-'*+/-9=?^-~A-Z-]+"
_QUOTED = r'"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-;=?-\[\]-\x7f]|\\[\x00-;=?-\x7f])*"'
_LOCAL = rf"(?:{_ATOM}|{_QUOTED})(?:\.(?:{_ATOM}|{_QUOTED}))*"
_LABEL = r"[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*"
_LAST = r"(?:[A-Za-z][A-Za-z0-9]*|xn--[A-Za-z0-9]+)(?:-+[A-Za-z0-9]+)*"
MAIL = re.compile(rf"(?=[^@]{{1,64}}@|\")(?:{_LOCAL})@(?!.*[^.]{{64,}})(?:{_LABEL}\.)+{_LAST}", re.ASCII)


def accepted(mails: pd.Series) -> pd.Series:
    """Whether Moodle accepts each address (its ``validate_email``: PHP's filter, neither ``<`` nor ``>``).

    100 characters; no accent, no final dot, no double dot, no domain in another script. An address of a machine
    (``moi@[127.0.0.1]``) is nobody's *(decided)*.
    """
    return (mails.str.fullmatch(MAIL.pattern, flags=MAIL.flags).eq(True)) & mails.str.len().le(LENGTH)


def provisional(ids: pd.Series) -> pd.Series:
    """The address that an account takes when it gives its own up."""
    return ids.astype("str") + SUSPENDED


def disputes(claims: pd.DataFrame, holders: pd.DataFrame, yielding: pd.Series) -> pd.Series:
    """Whether each claim is refused, because the address stays with somebody else.

    ``claims``: id (null for an account to come), uid, mail, email (what the account has). ``holders``: id, email of
    every account. ``yielding``: the ids that give up what nobody refuses them. An address that several claim goes to
    the account that has it, else to the lowest uid; one that its holder gets rid of tonight is free tonight.
    """
    mail, own = claims["mail"].str.lower(), claims["email"].astype("str").str.lower()
    keeps = mail.eq(own)
    ranked = claims.assign(mail=mail, keeps=~keeps).sort_values(["keeps", "uid"])
    refused = ranked.duplicated("mail").reindex(claims.index) & ~keeps
    held = holders.assign(email=holders["email"].str.lower()).dropna(subset="email")
    held = held[~held["id"].isin(yielding)]
    beside = claims.assign(mail=mail, place=claims.index)[~keeps].merge(
        held.rename(columns={"id": "holder"})[["holder", "email"]].rename(columns={"email": "held"}),
        left_on="mail", right_on="held",
    )  # fmt: skip
    beside = beside[beside["holder"].ne(beside["id"]).fillna(True).astype("bool")]
    while True:
        moving = claims.loc[~keeps & ~refused & claims["id"].notna(), "id"]
        stuck = beside.loc[~beside["holder"].isin(moving), "place"]
        more = claims.index.isin(stuck) & ~refused
        if not more.any():
            return refused.astype("bool")
        refused |= more


def in_order(moves: pd.DataFrame) -> list[Hashable]:
    """The index of ``moves`` (uid, old, new: addresses) so that an address is free before it is taken.

    By uid otherwise. Of those that exchange theirs, the lowest uid comes last: whoever writes gives it a provisional
    address in the meantime.
    """
    ordered = moves.sort_values("uid")
    old = dict(zip(ordered["old"].str.lower(), ordered.index, strict=True))
    waits = {place: old.get(new) for place, new in zip(ordered.index, ordered["new"].str.lower(), strict=True)}
    done: dict[Hashable, None] = {}
    for place in ordered.index:
        chain: list[Hashable] = []
        step: Hashable | None = place
        while step is not None and step not in done and step not in chain:
            chain.append(step)
            step = waits[step]
        done |= dict.fromkeys(reversed(chain))
    return list(done)
