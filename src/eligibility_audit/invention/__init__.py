"""Invented provinces with an answer key."""
