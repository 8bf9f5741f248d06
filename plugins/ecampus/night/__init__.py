"""The story of a phase: what it reads, what it writes, waiting for Moodle.

Reading order: phases, intake, reading, carrying, reconcile, resuming (what it must know before it writes), writing and
in_flight (the right to write, what a killed run left), news, holding, taking, reports; ``preflight`` beside them,
foreseen and rehearsal (the night, imagined), approving, keeping. Imports everything but Airflow.
"""
