"""What is ours and who may write.

Imports sources, changes and what lies below. The register is a database: read register, lease, then tenure (the right
to write), batches (write-ahead), publishing, owned (what is ours, pure) and owned_tables, schema, dialect, tables.
"""
