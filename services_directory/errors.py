"""What can go wrong with a directory."""


class DirectoryImportError(Exception):
    """The path or the file as a whole cannot be read as an HSDS datapackage; nothing was changed."""


class DirectoryExportError(Exception):
    """The directory cannot be written to this path; what was there before is untouched."""
