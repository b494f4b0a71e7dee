"""Reading lists as received: workbooks, text files, parquet, SQL tables; headers found by what they say.

`read_source(source, base)` gives the sheets of a source; `source_files` and `read_file` do it file by file.
`inspect_file(path)` says how a file would be read.
"""

from eligibility_audit.readers.inspection import ColumnView, Inspection, SheetView, inspect_file
from eligibility_audit.readers.sources import READABLE, read_file, read_source, source_files
from eligibility_audit.readers.spec import SourceSpec

__all__ = [
    "READABLE",
    "ColumnView",
    "Inspection",
    "SheetView",
    "SourceSpec",
    "inspect_file",
    "read_file",
    "read_source",
    "source_files",
]
