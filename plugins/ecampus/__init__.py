"""Bring Moodle in line with the student system, the timetable and the directory, every night.

Reading order: ``rules`` (what REFER wants) → ``diff`` (against what Moodle has: the plan) → ``apply`` (the writes) →
``reconcile`` (the story of a phase). Around them: ``contract`` (every frame that enters), ``ledger`` and ``ownership``
(what is ours), ``guard``, ``anomalies``, ``reporting``, and the adapters ``refer``, ``directory``, ``moodle``,
``enrolment_table``, ``store``. ``orchestration`` alone knows Airflow. Imports go one way, from the last to the first.
"""
