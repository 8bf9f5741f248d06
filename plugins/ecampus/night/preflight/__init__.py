"""The preflight: every connection, view, column, right, function and setting that a night needs, looked at at once.

Nothing is written, anywhere. No ✗ hides another point; what cannot be looked at because of one is said so, never ✓.
Reading order: inspection, then one file a part of the installation. Of these, a phase runs what concerns it
(``intake.preflight``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from ecampus.calendar import Freeze
from ecampus.explain.reach import Reaches
from ecampus.night.addressees import Addressees
from ecampus.night.intake import Systems
from ecampus.night.preflight import clocks, moodle, moodle_database, place, register, sources
from ecampus.night.preflight.inspection import Inspection
from ecampus.store.files import Store
from ecampus.store.retention import Keeping


class Installation(NamedTuple):
    """What is looked at. The functions raise SettingUnreadable or StoreUnusable as they are read."""

    systems: Systems
    night: date
    annee: Callable[[], str]
    freeze: Callable[[], Freeze]
    keeping: Callable[[], Keeping]
    addressees: Callable[[], Addressees]
    reaches: Callable[[], Reaches]
    store: Callable[[], Store]


def inspect(installation: Installation) -> Inspection:
    """Look at all of it."""
    found, systems, night = Inspection(), installation.systems, installation.night
    annee = place.variables(found, installation.annee, installation.freeze, night)
    settings = place.settings(found, systems, night)
    place.limits(found, systems)
    place.keeping(found, installation.keeping)
    place.mail(found, installation.addressees)
    place.reaches(found, installation.reaches)
    views = sources.refer_views(found, systems, annee)
    people = sources.people(found, systems)
    sources.together(found, systems, settings, views, people)
    database = moodle_database.opened(found, systems)
    site = moodle.look(found, systems, settings, reading=database is None)
    moodle_database.look(found, database, settings, site)
    hook = register.look(found, systems, site)
    clocks.look(found, site, hook)
    place.store(found, installation.store)
    return found
