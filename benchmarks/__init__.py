"""Measurements on invented provinces; nothing here is part of the installed package."""
