"""Airflow, which only this room and the local commands know.

Reading order: ``connections`` (what Airflow hands to the adapters), ``records`` (what each run leaves for the next
phase), ``step`` (one task of one run: what the run is, the task's errors), ``outcome`` (how a run ended), ``sensor``
(waiting for the phase before), ``tasks`` (what the DAG files wire), ``nightly`` (what they share), ``deadline``,
``rehearsal``.
Imports everything but ``local``.
"""
