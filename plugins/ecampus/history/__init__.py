"""What people look up: the last night and all those before it, read from the store by DuckDB. It decides nothing.

Reading order: duck. Imports what lies below; never Airflow.
"""
