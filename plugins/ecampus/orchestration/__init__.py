"""The only place that knows Airflow.

Reading order: ``connections`` (what Airflow hands to the adapters), ``records`` (what each run leaves for the next
phase), ``step`` (one task of one run: its mode, its errors), ``sensor`` (waiting for the phase before), ``tasks``
(what the DAG files wire), ``deadline``, then ``services`` and ``night_command`` (``make night``).
"""
