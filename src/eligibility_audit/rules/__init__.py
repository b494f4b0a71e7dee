"""Conditions of law as three-valued columns, and the findings they give."""
