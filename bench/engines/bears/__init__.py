"""Polars, on one thread."""
