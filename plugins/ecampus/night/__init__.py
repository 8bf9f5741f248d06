"""The story of a phase: what it reads, what it writes, waiting for Moodle.

Reading order: phases, intake, reading, carrying, reconcile, writing and in_flight (the right to write, what a killed
run left), news, taking, reports, keeping. Imports everything but Airflow.
"""
