"""Invented provinces with an answer key: nobody in them exists, everything in them goes wrong as it really does."""

from eligibility_audit.invention.province import Files, InventedProvince, Progress, invent

__all__ = ["Files", "InventedProvince", "Progress", "invent"]
