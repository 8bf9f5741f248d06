"""The commands of the Makefile: ``make night``, ``make check``, ``make airflow`` and the sandbox around them.

Reading order: place, accounts, services, preparation, box, summary, the commands. Imports everything;
nothing imports it.
"""
