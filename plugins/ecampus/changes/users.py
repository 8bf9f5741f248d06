"""The plan of 00h00: «mise à jour des utilisateurs avec le LDAP».

Identity is population + code; Moodle's idnumber carries the code. Only accounts of the managed authentication method
are touched, never an excluded one; whatever is not certain is left alone and told.
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import accounts, keys, plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.errors import TruncatedRead
from ecampus.rules import referential, text
from ecampus.words import anomalies

NAME_LENGTH = 100  # Moodle 4.5: user.firstname, user.lastname
MAIL = r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+"
LEAST_KNOWN = 0.9
FEWEST_UNKNOWN = 3


def draft(inputs: Inputs) -> Draft:
    """Accounts renamed, updated, created, unsuspended and suspended; rows of the enrolment table around a rename.

    An e-mail that an account gives up is free for those created after.
    """
    people = cleaned(inputs.source["people"], inputs.settings.padding)
    require_known(people, inputs)
    require_whole(people, inputs.ledger["account"])
    existing, ledger = inputs.existing, inputs.ledger
    matched, met = match(people, existing["users"], inputs)
    matched, unnamed = with_names(matched)
    matched, mail = with_usable_mail(matched, existing["users"])

    before, after = keys.around(renamed_usernames(matched), "username", existing["enrolment_rows"], ledger["enrolment"])
    changes = [
        before,
        accounts.rename_changes(matched),
        after,
        accounts.update_changes(matched),
        accounts.create_changes(matched[matched["id"].isna()], inputs.settings.auth),
        accounts.unsuspend_changes(matched, ledger["account"]),
        accounts.suspend_changes(people, existing["users"], inputs),
    ]
    return Draft(
        changes=plan.in_order(changes),
        anomalies=anomalies.gather([*met, unnamed, *mail]),
        read={"account": len(matched)},
        recognised={"account": accounts.links(matched)},
    )


def require_known(people: pd.DataFrame, inputs: Inputs) -> None:
    """Raises TruncatedRead when fewer than 90 % of REFER's people are in LDAP: one of the two reads is wrong.

    Each population is judged on its own, since staff are few beside students; fewer than 3 unknown are tolerated.
    """
    padding = inputs.settings.padding
    students = inputs.source["inscription_administrative"]["code_etudiant"]
    staff = inputs.source["seance_ade"]["code_enseignant"]
    for population, who, codes, width in (
        ("student", "étudiants", students, padding.student),
        ("staff", "enseignants", staff, padding.staff),
    ):
        wanted = referential.person_codes(codes, width).dropna().drop_duplicates()
        known = wanted.isin(people.loc[people["population"] == population, "code"]).sum()
        if len(wanted) - known >= FEWEST_UNKNOWN and known < LEAST_KNOWN * len(wanted):
            raise TruncatedRead(
                f"L'annuaire LDAP ne connaît que {known} des {len(wanted)} {who} de REFER (il en faut"
                f" {LEAST_KNOWN * 100:.0f} %) : aucun compte n'est modifié ; vérifier la lecture de l'annuaire, et le"
                " remplissage des codes de personne (réglages « *_code_length » de la connexion « ldap »)."
            )


def require_whole(people: pd.DataFrame, ledger: pd.DataFrame) -> None:
    """Raises TruncatedRead when LDAP lost more than half of a population that it used to explain.

    A filter or a right that changed gives no error, only fewer entries; a year's leavers are never so many.
    """
    for population, who in (("student", "étudiants"), ("staff", "personnels")):
        ours = ledger[(ledger["population"] == population) & ~ledger["suspended"]]
        lost = int((~ours["code"].isin(people.loc[people["population"] == population, "code"])).sum())
        if lost >= FEWEST_UNKNOWN and lost > len(ours) / 2:
            raise TruncatedRead(
                f"L'annuaire LDAP ne montre plus {lost} de nos {len(ours)} {who} : aucun compte n'est modifié ;"
                " vérifier le filtre et les droits de lecture de la connexion « ldap », puis relancer la phase."
            )


def cleaned(people: pd.DataFrame, padding: referential.PersonCodes) -> pd.DataFrame:
    """LDAP's people with lower-case uids, padded codes, names that Moodle accepts."""
    frame = people.copy()
    width = {"student": padding.student, "staff": padding.staff}
    frame["code"] = frame["code"].astype("str")
    for population, size in width.items():
        mine = frame["population"] == population
        frame.loc[mine, "code"] = referential.person_codes(frame.loc[mine, "code"], size)
    frame["uid"] = frame["uid"].astype("str").str.strip().str.lower()
    for column in ("sn", "given_name"):
        name = text.clean_labels(frame[column]).str.slice(0, NAME_LENGTH)
        frame[column] = name.where(name != "")
    mail = frame["mail"].astype("str").str.strip()
    frame["mail"] = mail.where(mail.str.fullmatch(MAIL).eq(True))
    return frame.drop_duplicates(ignore_index=True)


def match(people: pd.DataFrame, users: pd.DataFrame, inputs: Inputs) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Each person beside the account that is theirs (null id: to be created), less all that is uncertain.

    Matched by idnumber, else by username if the account's idnumber is empty (docs/rules.md, «Users»).
    """
    rows = people.rename(columns={"code": "person"})
    carried = users.assign(carried=users["idnumber"].fillna("").str.upper())
    by_code = carried[carried["carried"] != ""]
    links = inputs.ledger["account"][["user_id", "population"]]
    by_code = by_code.merge(links, left_on="id", right_on="user_id", how="left", suffixes=("", "_linked"))

    found = rows.reset_index().merge(by_code, left_on="person", right_on="carried", suffixes=("", "_linked"))
    found = found[found["population_linked"].isna() | (found["population_linked"] == found["population"])]
    shared = rows.duplicated("person", keep=False)
    exact = found["username"] == found["uid"]
    certain = found[found["population_linked"].notna() | exact | ~found["index"].isin(rows.index[shared])]
    candidates = certain.groupby("index")["id"].nunique()
    several = rows.index.isin(candidates.index[candidates > 1])
    reached = certain.drop_duplicates("index").set_index("index")["id"]

    by_name = carried.set_index("username")["id"]
    named = rows["uid"].map(by_name)
    empty = named.map(carried.set_index("id")["carried"]) == ""
    rows["id"] = rows.index.map(reached)
    rows["id"] = rows["id"].astype("Int64")
    recycled = named.notna() & (rows["id"] != named).fillna(~empty).astype("bool")
    rows["id"] = rows["id"].fillna(named.where(empty).astype("Int64"))

    account = users.set_index("id")
    for column in ("username", "idnumber", "auth", "firstname", "lastname", "email", "suspended"):
        rows[column] = rows["id"].map(account[column])
    rows = rows.rename(columns={"person": "code"})
    unclear = pd.Series(pd.NA, index=rows.index, dtype="str")
    unclear = unclear.mask(recycled, "son identifiant est déjà porté par le compte d'une autre personne")
    unclear = unclear.mask(several, "plusieurs comptes portent ce code")
    unclear = unclear.mask(_twice(rows), "deux fiches de l'annuaire se disputent ce compte")
    unclear = unclear.mask(rows["code"].isna() | rows["uid"].isna(), "sa fiche n'a pas de code ou d'identifiant")
    left_alone = accounts.untouchable(inputs)
    excluded = rows["uid"].isin(left_alone) | rows["username"].isin(left_alone)
    other = unclear.isna() & rows["id"].notna() & (rows["auth"] != inputs.settings.auth)
    told = rows.assign(uid=rows["uid"].fillna("vide"), code_personne=rows["code"].fillna("vide"), raison=unclear)
    met = [
        anomalies.notes("COMPTE_AMBIGU", told[unclear.notna() & ~excluded], ["uid", "code_personne"]),
        anomalies.notes("COMPTE_AUTRE_AUTH", told[other & ~excluded], ["uid", "code_personne"]),
    ]
    return rows[unclear.isna() & ~other & ~excluded].reset_index(drop=True), met


def _twice(rows: pd.DataFrame) -> pd.Series:
    claimed = rows["id"].notna() & rows.duplicated("id", keep=False)
    return claimed | rows.duplicated("uid", keep=False) | rows.duplicated(["population", "code"], keep=False)


def with_names(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without a first or last name: an account keeps its own, a new one is not created. NOM_ABSENT."""
    unnamed = rows["sn"].isna() | rows["given_name"].isna()
    new = rows["id"].isna()
    told = rows.assign(
        code_personne=rows["code"],
        effet=pd.Series("ses noms restent tels quels sur ecampus", index=rows.index).mask(
            new, "son compte n'est pas créé"
        ),
    )[unnamed]
    kept = rows.assign(sn=rows["sn"].fillna(rows["lastname"]), given_name=rows["given_name"].fillna(rows["firstname"]))[
        ~(unnamed & new)
    ]
    return kept, anomalies.notes("NOM_ABSENT", told, ["uid", "code_personne"])


def with_usable_mail(rows: pd.DataFrame, users: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Without an e-mail of its own: an account keeps the one it has, a new one is not created.

    An e-mail that several claim goes to the account that has it, else to the lowest uid; Moodle refuses doubles.
    """
    mail, own = rows["mail"].str.lower(), rows["email"].astype("str").str.lower()
    keeps = mail.notna() & (mail == own)
    freed = rows.loc[rows["id"].notna() & mail.notna() & ~keeps, "id"]
    holders = users[~users["id"].isin(freed)]
    holder = mail.map(holders.assign(mail=holders["email"].str.lower()).drop_duplicates("mail").set_index("mail")["id"])
    ranked = rows.assign(mail=mail, keeps=~keeps).sort_values(["keeps", "uid"])
    beaten = ranked.duplicated("mail").reindex(rows.index) & mail.notna()
    absent, double = mail.isna(), mail.notna() & ~keeps & (holder.notna() | beaten)

    new = rows["id"].isna()
    told = rows.assign(
        code_personne=rows["code"],
        effet=pd.Series("l'adresse de son compte reste telle quelle", index=rows.index).mask(
            new, "son compte n'est pas créé"
        ),
    )
    met = [
        anomalies.notes(code, told[which], ["uid", "code_personne"])
        for code, which in (("EMAIL_ABSENT", absent), ("EMAIL_DOUBLE", double))
    ]
    unusable = absent | double
    kept = rows.assign(mail=rows["mail"].mask(unusable, rows["email"]))[~(unusable & new)]
    return kept.reset_index(drop=True), met


def renamed_usernames(matched: pd.DataFrame) -> pd.DataFrame:
    """The usernames that move: old, new, change_id."""
    renamed = matched[matched["id"].notna() & (matched["username"] != matched["uid"])]
    return pd.DataFrame(
        {
            "old": renamed["username"],
            "new": renamed["uid"],
            "change_id": plan.change_id("account", "rename", "") + renamed["uid"],
        }
    )
