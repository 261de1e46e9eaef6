"""Why the profiles submit no arrays: a fault of the SLURM plugin, shown to be still there.

When this test fails, the plugin has got over it: then measure arrays against shared jobs anew.
"""

import os
import subprocess
import sys
from pathlib import Path

SNAKEFILE = """
rule all:
    input: expand("{name}.txt", name=["a", "b", "c"])
    localrule: True

rule one:
    output: "{name}.txt"
    resources: mem_mb=2000, runtime=5
    shell: "[ $SLURM_ARRAY_TASK_ID != 1 ] || sleep 25; touch {output}"
"""


def test_tasks_of_an_array_fail_when_the_first_is_the_longest(slurm, tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    path = f"{Path(sys.executable).parent}{os.pathsep}{slurm.environment['PATH']}"
    result = subprocess.run(
        [
            *("snakemake", "--executor", "slurm", "--jobs", "100", "--latency-wait", "3"),
            *("--keep-going", "--slurm-array-jobs", "one", "--slurm-status-command", "squeue"),
            *("--slurm-init-seconds-before-status-checks", "2"),
        ],
        cwd=tmp_path,
        env={**slurm.environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert result.returncode == 1, result.stderr
    logs = (tmp_path / ".snakemake/slurm_logs/rule_one").glob("*.log")
    failed = [log for log in logs if "MissingOutputException" in log.read_text()]
    assert len(failed) == 2
    assert len(list(tmp_path.glob("*.txt"))) == 1
