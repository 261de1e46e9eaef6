"""Judge the paper's claims by the finished runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas

from autoencoders.analysis.published import read_published
from autoencoders.analysis.writing import write_csv
from autoencoders.claims.evidence import Evidence
from autoencoders.claims.judging import judge
from autoencoders.runs.request import run


def main(request):
    """Write claims.csv and claims_parts.csv; what is missing leaves a claim undecided."""
    runs, gaps = request.read_runs(["history.csv"], may_lack=True)
    evidence = Evidence(
        published=read_published(request.published),
        configurations=request.configurations,
        dataset=request.manifest["dataset"],
        runs=runs,
        gaps=gaps,
        measurements=pandas.concat(request.read_tables().values(), ignore_index=True),
        studies=request.read_studies(),
    )
    claims_path, parts_path = request.output
    claims, parts = judge(evidence)
    write_csv(claims, claims_path)
    write_csv(parts, parts_path)


if __name__ == "__main__":
    run(main, __doc__)
