"""A Moodle, 4.5 or 5.1 (``releases``), that answers the web-service functions of the project as the real one does.

Reading order: ``service`` (a call), ``params`` and ``forms`` (what it sends), ``envelope`` and ``errors``
(what it gets), then one file per family of functions: ``users``, ``cohorts``, ``categories``, ``courses``,
``groups``, ``groupings``, ``enrolments``; ``together`` (many calls in one request), ``enrol_database`` (the external
table), ``server`` (HTTP), ``faults`` (to order), ``install`` (a new site), ``handmade`` (what people made there by
hand), ``site_pages`` (to look at it).
"""

from sandbox.moodle import categories, cohorts, courses, enrolments, groupings, groups, together, users
from sandbox.moodle.enrol_database import PluginSettings, Removal
from sandbox.moodle.server import MoodleServer, SiteSettings, start

__all__ = [
    "MoodleServer",
    "PluginSettings",
    "Removal",
    "SiteSettings",
    "categories",
    "cohorts",
    "courses",
    "enrolments",
    "groupings",
    "groups",
    "start",
    "together",
    "users",
]
