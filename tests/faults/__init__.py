"""``make faults``: nights that go wrong in every way at once, drawn from a seed, and judged beside an undisturbed twin.

Reading order: ``kinds`` (what may go wrong, and where), ``schedule`` (what goes wrong in one night: pure), ``answers``
and ``wire`` (before Moodle), ``lines`` (before the databases), ``people`` (before LDAP), ``disk`` and ``clocks``, ``site``
(a campus reached over all of these), ``striking`` (one accident, played), ``prepared`` (the campus before each phase of
its night, and the twin), ``night`` (the schedule, played as Airflow would), ``restored`` (a register or a Moodle of the
evening before), ``judge``, ``tally``.
"""
