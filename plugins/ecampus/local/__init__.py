"""The commands of the Makefile: ``make night``, ``make airflow`` and the sandbox around them.

Imports everything; nothing imports it.
"""
