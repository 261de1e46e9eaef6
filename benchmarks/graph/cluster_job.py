"""How long a SLURM job of the workflow takes until its training run starts.

The command is the very one that Snakemake gives to `sbatch` with profiles/slurm, taken by a
stand-in for it on the PATH. It starts Snakemake twice, as on a node; `srun` is a stand-in that runs
what it is given, and `python`, which the training run would start, is one that ends the
measurement. Used by dag.py.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

# Programs that a job's Snakemake would find on a node, by name.
STAND_INS = {
    "sbatch": 'printf "%s\\0" "$@" > "$STAND_IN_OUTPUT.part"\n'
    'mv "$STAND_IN_OUTPUT.part" "$STAND_IN_OUTPUT"\necho 1\n',
    "srun": 'while [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n',
    "python": 'touch "$STAND_IN_OUTPUT"\nsleep 60\n',
    **dict.fromkeys(("sacct", "sacctmgr", "scancel", "scontrol", "sinfo", "squeue"), ""),
}


class ClusterJob:
    """The SLURM job of one training run.

    Parameters
    ----------
    checkout : pathlib.Path
        It must not have run; stand-ins for its data are written.
    run : str
        Folder of the training run, relative to the results.
    folder : pathlib.Path
        For the stand-ins.
    """

    def __init__(self, checkout, run, folder):
        self.checkout, self.folder = checkout, folder
        folder.mkdir()
        for name, text in STAND_INS.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}")
            (folder / name).chmod(0o755)
        data = checkout / "results/data/lab"
        data.mkdir(parents=True)
        for name in ("arrays.npz", "manifest.json"):
            (data / name).write_text(name)
        target = f"results/{run}/run.json"
        snakemake = ["snakemake", "--workflow-profile", "profiles/slurm", target]
        submitted = folder / "submitted"
        self._until_written(submitted, snakemake)
        for argument in submitted.read_text().split("\0"):
            if argument.startswith("--wrap="):
                self.command = argument.removeprefix("--wrap=")

    def times(self):
        """Return the wall seconds from the job's start to that of its training run, as a tuple."""
        return (self._until_written(self.folder / "started", ["sh", "-c", self.command]),)

    def _until_written(self, path, command):
        """Return the seconds from a command's start until one of the stand-ins writes a file."""
        path.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
        own = {"PATH": f"{self.folder}:{os.environ['PATH']}", "STAND_IN_OUTPUT": str(path)}
        with tempfile.TemporaryFile("w+") as output:
            start = time.monotonic()
            process = subprocess.Popen(
                command,
                cwd=self.checkout,
                env=kept | own,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            while not path.exists():
                if process.poll() is not None:
                    output.seek(0)
                    sys.exit(f"error: {command[0]} ended early:\n{output.read()}")
                time.sleep(0.005)
            seconds = time.monotonic() - start
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return seconds
