"""Render a table for people to read, as Markdown, HTML and LaTeX."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.report.rendering import write_table
from autoencoders.runs.request import run


def main(request):
    """Write the table in every format."""
    folder = request.output[0].parent
    write_table(request.name, request.read_tables(), request.manifest, folder)


if __name__ == "__main__":
    run(main, __doc__)
