"""Conditions that are the same in every programme of monthly payments."""
