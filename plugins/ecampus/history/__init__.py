"""What people look up: all nights, in a few tables. It decides nothing, and no phase reads it.

Reading order: tables (columns and files), runs, changes, anomalies (what is kept of a run), keeping (written, made
anew, forgotten); then what is asked: duck, opened, asking, nights, life. Imports what lies below; never Airflow.
"""
