"""The releases of Moodle that the sandbox plays, and what differs between them."""

from dataclasses import dataclass

CORE_METHODS = frozenset({"db", "email", "ldap", "lti", "manual", "nologin", "none", "oauth2", "shibboleth"})


@dataclass(frozen=True)
class Release:
    """``methods``: the authentication methods that come with it; a site may have added others."""

    branch: str
    name: str
    version: str
    fullname: int
    methods: frozenset[str] = CORE_METHODS
    names_missing: bool = False
    """Whether an error names the table in which a record is missing."""
    formats_cohorts: bool = True
    """Whether the names of cohorts are escaped like the others."""
    unenrols_by_role: bool = False


RELEASES = {
    release.branch: release
    for release in (
        Release(
            "4.5",
            "4.5.6 (Build: 20250811)",
            "2024100706",
            fullname=254,
            methods=CORE_METHODS | {"cas", "mnet"},
            names_missing=True,
            formats_cohorts=False,
            unenrols_by_role=True,
        ),
        Release("5.1", "5.1.6 (Build: 20260810)", "2025100606", fullname=1333),
    )
}
DEFAULT = "4.5"
