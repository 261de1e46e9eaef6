"""Write the page report.html from the finished tables and figures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autoencoders.commands import arguments, run
from autoencoders.page import write
from autoencoders.runs import read_manifest, read_plan


def main():
    """Write the page, or refuse if a file of it is missing."""
    options = arguments(__doc__, "plan", "manifest", "results", "tables", "figures", "output")
    plan, manifest = read_plan(options.plan), read_manifest(options.manifest)
    write(options.output, plan, manifest, options.results, options.tables, options.figures)


if __name__ == "__main__":
    run(main)
