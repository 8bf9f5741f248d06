"""What is ours and who may write, in the database of the enrolment table.

Reading order: register, lease (what the one writer may do), tenure (the right to write), batches (write-ahead),
publishing, owned (what is ours, pure) and owned_tables, schema, dialect, tables, rights (what the account may do).
Imports sources and what lies below.
"""
