"""The story of a phase: what it reads, what it writes, waiting for Moodle.

Reading order: phases, intake, reconcile, taking, reports. Imports everything but Airflow.
"""
