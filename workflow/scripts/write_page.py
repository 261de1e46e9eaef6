"""Write the page report.html from the finished tables and figures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.files import written_aside
from autoencoders.report.page import page
from autoencoders.runs.integrity import require_checksums
from autoencoders.runs.request import run


def main(request):
    """Write the page, or refuse if a file of it is missing or was changed."""
    figures = {}
    for path in request.figures:
        require_checksums(path)
        figures[path.stem] = (path, path.with_suffix(".json"))
    text = page(request.manifest, request.read_tables(), figures, request.show, **request.entry)
    with written_aside(request.output[0]) as aside:
        aside.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    run(main, __doc__)
