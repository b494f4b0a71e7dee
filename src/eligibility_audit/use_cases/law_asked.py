"""Which law a run asks: the installed one, that of plugins, folders laid over it, as it was known on a day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from eligibility_audit.errors import UsageError
from eligibility_audit.law.files import Law, law_folder
from eligibility_audit.settings import load_settings
from eligibility_audit.use_cases.plugins import load_plugins

INSTALLED = "installed"
KNOWN = "known:"


def law_asked(known_on: date | None = None) -> Law:
    """The law of the settings (EA_LAW, EA_LAW_KNOWN_ON); `known_on`: what the plan says where the setting does not.

    Raises `LawError` for a folder that is none.
    """
    settings = load_settings()
    return _law(settings.law_folders, settings.law_known_on or known_on)


def law_named(name: str) -> Law:
    """A law by its name on the command line: `installed`, `known:DAY`, or a folder laid over the law of the settings.

    Raises `UsageError` for a name that is none of them, and `LawError` as `law_asked` does.
    """
    if name == INSTALLED:
        return _law((), None)
    if name.startswith(KNOWN):
        try:
            return _law(load_settings().law_folders, date.fromisoformat(name.removeprefix(KNOWN)))
        except ValueError:
            raise UsageError(
                f"{name}: sau known: là một ngày / after known: comes a day, as in known:2026-12-31"
            ) from None
    return _law((*load_settings().law_folders, Path(name)), load_settings().law_known_on)


def _law(folders: Sequence[Path], known_on: date | None) -> Law:
    brought = (plugin.law for plugin in load_plugins() if plugin.law is not None)
    return Law((*brought, *(law_folder(folder) for folder in folders)), known_on)
