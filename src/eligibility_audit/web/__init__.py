"""The pages in which officers review flagged records: plain forms, offline, usable without scripts and by keyboard."""

from eligibility_audit.web.app import create_app

__all__ = ["create_app"]
