"""Invented provinces with an answer key: nobody in them exists, everything in them goes wrong as it really does."""

from eligibility_audit.invention.crowd import Crowd, invent_crowd
from eligibility_audit.invention.province import Files, InventedProvince, Progress, invent

__all__ = ["Crowd", "Files", "InventedProvince", "Progress", "invent", "invent_crowd"]
