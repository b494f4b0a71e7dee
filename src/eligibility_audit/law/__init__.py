"""Dated, cited parameters, citations and acts: data, no code."""
