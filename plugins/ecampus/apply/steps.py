"""Which function writes which change."""

from __future__ import annotations

from collections.abc import Callable

from ecampus.apply import groups, offer, people

STEPS: dict[tuple[str, str], Callable[..., None]] = {
    ("account", "create"): people.create_accounts,
    ("account", "rename"): people.update_accounts,
    ("account", "update"): people.update_accounts,
    ("account", "unsuspend"): people.update_accounts,
    ("account", "suspend"): people.suspend_accounts,
    ("cohort", "create"): people.create_cohorts,
    ("cohort", "rename"): people.rename_cohorts,
    ("cohort_member", "add"): people.add_cohort_members,
    ("cohort_member", "remove"): people.remove_cohort_members,
    ("category", "create"): offer.create_categories,
    ("category", "rename"): offer.rename_categories,
    ("category", "move"): offer.move_categories,
    ("category", "delete"): offer.delete_categories,
    ("course", "create"): offer.create_courses,
    ("course", "rename"): offer.name_courses,
    ("course", "restore"): offer.name_courses,
    ("course", "move"): offer.move_courses,
    ("course", "archive"): offer.archive_courses,
    ("enrolment", "publish"): people.publish,
    ("group", "create"): groups.create_groups,
    ("group", "rename"): groups.rename_groups,
    ("group", "delete"): groups.delete_groups,
    ("group_member", "add"): groups.add_members,
    ("group_member", "remove"): groups.remove_members,
}
