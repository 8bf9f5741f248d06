"""The files of a night: what a run is, archive, journal, memory. They tell what happened; none says what is ours.

Reading order: files, opening, replay, archive, carried, memory, journal, retention. Imports what lies
below; never Airflow.
"""
