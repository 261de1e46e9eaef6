"""The sweep on a SLURM cluster that is started here: single jobs compared with shared ones.

    python benchmarks/cluster/cluster.py sweep     the whole default sweep, short epochs
    python benchmarks/cluster/cluster.py submit    1,000 trivial configurations, up to the queue

The cluster is the one of the tests: SLURM's own daemons on loopback, stopped at the end. Needs
SLURM and munge (Debian: slurm-wlm, munge) and what requirements/development.txt names.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/helpers"))

from cluster_runs import OnCluster
from slurm import SEARCHED, Slurm, missing_programs

HEADER = "| runs per job | SLURM jobs | wall, s | head node: CPU, s | head node: memory, MB |"


class HeadNode:
    """What Snakemake and its children use on the head node, until it ends or is let go."""

    def __init__(self, process):
        self.process = psutil.Process(process.pid)
        self.start = time.monotonic()
        self.memory = self.cpu = self.seconds = 0

    def look(self):
        """Take a sample; return whether the process is still there."""
        try:
            times = self.process.cpu_times()
            memory = self.process.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            return False
        if self.process.status() == psutil.STATUS_ZOMBIE:
            return False
        self.cpu = sum(times[:4])  # its own and its finished children's, user and system
        self.memory = max(self.memory, memory)
        self.seconds = time.monotonic() - self.start
        return True


def sweep(arguments):
    """Run the whole default sweep with short epochs; print a row for every way to share jobs."""
    print(f"{HEADER}\n|---|---|---|---|---|")
    with cluster(arguments) as slurm, tempfile.TemporaryDirectory() as folder:
        for round_ in range(arguments.rounds):
            for per_job in arguments.per_job:
                place = Path(folder) / f"{round_}-{per_job}"
                with OnCluster.with_defaults(place, slurm) as checkout:
                    process = checkout.start(
                        *("--configfile", Path(__file__).with_name("short.yaml")),
                        *("--group-components", f"trainings={per_job}"),
                    )
                    head = HeadNode(process)
                    while head.look():
                        time.sleep(0.2)
                    if process.wait():
                        sys.exit(f"error: the sweep failed:\n{checkout.output()}")
                    report(per_job, len(checkout.jobs_submitted()), head)


def submit(arguments):
    """Submit trivial configurations to nodes that are drained; print a row for every way."""
    print(f"{HEADER} submitted per second |\n|---|---|---|---|---|---|")
    with cluster(arguments) as slurm, tempfile.TemporaryDirectory() as folder:
        for per_job in arguments.per_job:
            with OnCluster.with_defaults(Path(folder) / str(per_job), slurm) as checkout:
                checkout.configure(trivial(checkout.config(), arguments.configurations))
                checkout.run("results/data/digits/manifest.json")
                slurm.run("scontrol", "update", "NodeName=cpu1", "State=DRAIN", "Reason=full")
                process = checkout.start(
                    *("results/tables/runs.csv", "--jobs", "100000"),
                    *("--group-components", f"trainings={per_job}"),
                )
                expected = -(-arguments.configurations // per_job)
                head, first, count = HeadNode(process), None, 0
                while count < expected and head.look():
                    count = checkout.output().count("has been submitted with SLURM jobid")
                    first = first or (count and time.monotonic())
                    time.sleep(0.2)
                if count < expected:
                    sys.exit(f"error: Snakemake ended early:\n{checkout.output()}")
                head.look()
                rate = expected / (time.monotonic() - first)
                in_queue = len(slurm.run("squeue", "--noheader").splitlines())
                assert in_queue == expected, (in_queue, expected)
                report(per_job, expected, head, f" {rate:.0f} |")
                process.kill()
                process.wait()
                slurm.cancel_all()
                slurm.run("scontrol", "update", "NodeName=cpu1", "State=RESUME")


def trivial(config, count):
    """Return a configuration file with so many networks, one epoch each, on the digits."""
    widths = range(1, count)  # and the network without a hidden layer, for Table 2
    first = ["autoencoder/relu-1"]
    return config | {
        "dataset": "digits",
        "autoencoder": config["autoencoder"] | {"epochs": 1},
        "experiments": {
            "trivial": {
                "network": "autoencoder",
                "seeds": 1,
                "activations": ["relu"],
                "configurations": [{"hidden": width} for width in widths],
            },
            "no-hidden": {"network": "classifier", "seeds": 1, "configurations": [{"hidden": []}]},
        },
        "studies": {},
        "calibration": [],
        "tables": {"table1": first, "table2": ["no-hidden"]},
        "figures": dict.fromkeys(config["figures"], first)
        | {name: ["no-hidden"] for name in ("figure9", "figure10")},
    }


def report(per_job, jobs, head, more=""):
    """Print one row."""
    row = f"| {per_job} | {jobs} | {head.seconds:.0f} | {head.cpu:.1f} | {head.memory:.0f} |"
    print(row + more, flush=True)


def cluster(arguments):
    """Return a SLURM that is not started yet."""
    missing = missing_programs()
    if missing:
        sys.exit(f"error: no {', '.join(missing)}; install SLURM and munge (slurm-wlm, munge)")
    arguments.folder = tempfile.TemporaryDirectory(prefix="slurm-")
    return Slurm(Path(arguments.folder.name), cpus=arguments.cpus)


def main():
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("sweep", "submit"))
    parser.add_argument("--per-job", type=int, nargs="+", default=[1, 4], metavar="N")
    parser.add_argument("--rounds", type=int, default=1, help="of the sweep (1)")
    parser.add_argument("--configurations", type=int, default=1000, help="to submit (1000)")
    parser.add_argument("--cpus", type=int, default=os.cpu_count(), help="of the node (all)")
    arguments = parser.parse_args()
    slurm = subprocess.check_output(["slurmctld", "-V"], env={"PATH": SEARCHED}, text=True)
    print(f"{slurm.strip()}, Snakemake {version('snakemake')}, {arguments.cpus} CPUs\n")
    {"sweep": sweep, "submit": submit}[arguments.what](arguments)


if __name__ == "__main__":
    main()
