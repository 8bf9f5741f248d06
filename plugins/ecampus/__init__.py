"""Bring Moodle in line with the student system, the timetable and the directory, every night.

From the ground up: ``errors``, ``calendar``, ``kinds`` (every kind of change), ``words`` (all that staff read),
``contract`` (every frame that enters), the adapters ``sources`` and ``moodle``, ``register`` (what is ours), ``rules``
(what REFER wants), ``changes`` (against what Moodle has: the plan), ``safety``, ``store`` (what a night keeps),
``apply`` (the writes), ``night`` (a phase's story), ``orchestration`` (Airflow) and ``local`` (the commands).
Imports go down only (``tests/test_floors.py``).
"""
