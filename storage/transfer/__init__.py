"""Import and export: files of rows into the database and out of it."""

from storage.transfer.incoming import Outcome, RowDifference, import_file
from storage.transfer.kind import kind_names
from storage.transfer.outgoing import export_file, write
from storage.transfer.problems import FileRefused, Problem
from storage.transfer.sample import load_sample

__all__ = [
    "FileRefused",
    "Outcome",
    "Problem",
    "RowDifference",
    "export_file",
    "import_file",
    "kind_names",
    "load_sample",
    "write",
]
