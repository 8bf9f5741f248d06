"""The files of a night: archive, journal, reports. They tell what happened and decide nothing.

Imports what lies below; never Airflow.
"""
