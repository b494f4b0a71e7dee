"""One file or table that a plan names: what it is called in records, how large it is, and its hash."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.readers import SourceSpec, read_file
from eligibility_audit.readers.sources import file_name
from eligibility_audit.use_cases.run_folder import digest_of, file_digest


@dataclass(frozen=True)
class SourceFile:
    """A source of the plan, one file (or SQL table, where `item` is a text) of it."""

    spec: SourceSpec
    item: Path | str
    name: str

    @property
    def kind(self) -> str:
        """Kind of list."""
        return self.spec.kind

    @property
    def size(self) -> int:
        """Bytes of the file; 0 for a table."""
        return self.item.stat().st_size if isinstance(self.item, Path) else 0

    def digest(self) -> str:
        """Hash of the content: of a file its bytes, of a table its lines as received."""
        if isinstance(self.item, Path):
            return file_digest(self.item)
        return digest_of([sheet.lines["line"].tolist() for sheet in self.read()])

    def spec_text(self) -> str:
        """How it is read, as text for a step's key."""
        return repr((self.spec, self.name))

    def read(self) -> Iterator[ReceivedSheet]:
        """Its sheets."""
        return read_file(self.item, self.name, self.spec)


def source_file(spec: SourceSpec, item: Path | str, base: Path) -> SourceFile:
    """A file or table under the name that records will call it."""
    return SourceFile(spec, item, f"sql:{item}" if isinstance(item, str) else file_name(item, base))
