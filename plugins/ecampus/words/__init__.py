"""Every text that staff read: sentences of the logs, anomalies, reports, progress.

Imports calendar and kinds.
"""
