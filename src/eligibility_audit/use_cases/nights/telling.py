"""Word of a night to people and machines outside: by mail and by webhook, counts only."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from eligibility_audit.publish.difference import night_message
from eligibility_audit.settings import Settings

WAIT: Final = 20.0  # seconds for whoever is told
COUNTS: Final = ("night", "plan", "status", "as_of", "run_id", "counts", "by_cause", "proposals", "first", "alarms")


def send(settings: Settings, message: tuple[str, str], told: Mapping[str, Any]) -> dict[str, str]:
    """Send the message where the settings say so; by way: `sent`, or the name of the error that it met.

    `message`: subject and text. `told`: the night; of it only `COUNTS` go out. A night is never lost because nobody
    could be told: its failure to tell stands in `night.json`, and `watch` tells of the night by itself.
    """
    done: dict[str, str] = {}
    if settings.night_webhook is not None:
        counts = {name: told[name] for name in COUNTS if name in told} | {"brakes": len(told["brakes"])}
        done["webhook"] = _webhook(str(settings.night_webhook), counts)
    if settings.night_smtp is not None and settings.night_mail_to and settings.night_mail_from:
        done["mail"] = _mail(settings, message)
    return done


def _webhook(url: str, content: Mapping[str, Any]) -> str:
    import httpx

    try:
        httpx.post(url, json=content, timeout=WAIT).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # also of certificates that are not there
        return type(error).__name__
    return "sent"


def _mail(settings: Settings, message: tuple[str, str]) -> str:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message[0], settings.night_mail_from, settings.night_mail_to
    mail.set_content(message[1])
    parts = urlsplit(settings.night_smtp.get_secret_value() if settings.night_smtp else "")
    host, safe = parts.hostname or "", parts.scheme == "smtps"
    try:
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, parts.port or 465, timeout=WAIT, context=context)
            if safe
            else smtplib.SMTP(host, parts.port or 25, timeout=WAIT)
        )
        with server:
            if not safe:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                    safe = True
            if parts.username and not safe:
                return "NoEncryption"  # a password is never sent in the clear
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except (
        OSError,
        smtplib.SMTPException,
        ValueError,
    ) as error:  # ValueError: a port that is none, a password's letters
        return type(error).__name__
    return "sent"


def in_words(told: Mapping[str, Any], folder: Path) -> str:
    """A night in a few lines, for the terminal."""
    lines = [night_message(told)[1].rstrip()]
    lines += [f"  - {sentence}" for sentence in told["brakes"]]
    lines += [f"Lưu ý / note: {sentence}" for sentence in told.get("warnings", [])]
    return "\n".join([*lines, f"  {folder / 'difference.html'}"])


def send_alarm(settings: Settings, plan: str, codes: Sequence[str]) -> dict[str, str]:
    """Send word that something is wrong with the nights of a plan: its name and the codes of the alarms."""
    told = {"plan": plan, "status": "alarm", "night": "", "alarms": list(codes), "brakes": []}
    text = f"{plan}: {', '.join(codes)}\nChạy `eligibility-audit watch` trên máy chủ để đọc / run it to read more.\n"
    return send(settings, (f"[eligibility_audit] BÁO ĐỘNG / ALARM: {', '.join(codes)}", text), told)
