"""Moodle, read and written.

Reading order: ``client`` (one call; what it means: ``answers``, ``refusals``), ``batches`` (many writes), ``reads``
(existing state; what changes meanwhile in ``passing``), ``database`` (the same frames by SQL), ``reader`` (which of the
two), ``functions``, ``mark``. Imports sources and what lies below.
"""
