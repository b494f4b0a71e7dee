"""Audit one plan."""
