"""The web-service functions that each phase calls: the preflight asks for them, an administrator adds them."""

from __future__ import annotations

from ecampus.moodle.answers import TOGETHER

SITE = ["core_webservice_get_site_info"]
MARK = ["core_cohort_get_cohorts", "core_cohort_create_cohorts", "core_cohort_update_cohorts"]
"""What the mark of the register needs (``mark``): each phase reads and raises it around its writes."""
FUNCTIONS: dict[str, list[str]] = {
    "users": [
        *SITE,
        *MARK,
        "core_user_get_users",
        "core_user_get_users_by_field",
        "core_user_create_users",
        "core_user_update_users",
    ],
    "cohorts": [
        *SITE,
        *MARK,
        "core_user_get_users",
        "core_user_get_users_by_field",
        "core_cohort_get_cohort_members",
        "core_cohort_add_cohort_members",
        "core_cohort_delete_cohort_members",
    ],
    "offer": [
        *SITE,
        *MARK,
        "core_course_get_categories",
        "core_course_get_courses",
        "core_course_create_categories",
        "core_course_update_categories",
        "core_course_delete_categories",
        "core_course_create_courses",
        "core_course_update_courses",
    ],
    "enrolments": [
        *SITE,
        *MARK,
        "core_user_get_users",
        "core_user_get_users_by_field",
        "core_course_get_courses",
        "core_enrol_get_enrolled_users",
    ],
    "groups": [
        *SITE,
        *MARK,
        "core_user_get_users",
        "core_user_get_users_by_field",
        "core_course_get_courses",
        "core_enrol_get_enrolled_users",
        "core_group_get_groups",
        "core_group_get_course_groups",
        "core_group_get_group_members",
        "core_group_get_course_groupings",
        "core_group_get_groupings",
        "core_group_create_groups",
        "core_group_update_groups",
        "core_group_delete_groups",
        "core_group_add_group_members",
        "core_group_delete_group_members",
    ],
}
LAST_LOOKS: dict[str, list[str]] = {
    "users": ["core_user_get_users_by_field"],
    "offer": ["core_course_get_categories", "core_course_get_courses"],
    "groups": ["core_group_get_group_members", "core_group_get_course_groupings", "core_group_get_groupings"],
}
"""What is read again by REST right before something is destroyed, whoever read the existing state."""


def needed(phase: str, reading: bool) -> list[str]:
    """What the token must offer to a phase; ``reading``: whether the existing state is read by REST."""
    kept = [*SITE, *MARK, *LAST_LOOKS.get(phase, [])]
    return [name for name in FUNCTIONS[phase] if reading or "_get_" not in name or name in kept]


OPTIONAL: dict[str, dict[str, str]] = {
    "enrolments": {
        TOGETHER: "les espaces complémentaires se lisent un par un, un septième chaque nuit, au lieu de tous par 200"
    },
    "groups": {
        TOGETHER: "groupes et inscrits des cours qui changent se lisent cours par cours, au lieu de 200 à la fois"
    },
}
"""By phase, the functions that it calls where the service offers them, and what it costs to be without."""
