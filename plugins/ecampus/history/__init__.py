"""What people look up: the last night and all those before it. It decides nothing, and no phase reads it.

All nights, in a few tables: tables (columns and files), runs, changes, anomalies (what is kept of a run), keeping
(written, made anew, forgotten); duck, opened, asking, nights, life ask them. The last night, from the folders of its
runs: lately, then what asks ``explain``. Imports what lies below; never Airflow.
"""
