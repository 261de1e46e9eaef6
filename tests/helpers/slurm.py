"""A SLURM cluster of one machine: its real daemons on loopback, all files in one folder."""

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
# Daemons lie where an ordinary user's PATH does not lead.
SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

# A partition for each kind of node. Every setting that differs from what a site would have is here
# for speed (short waits) or because the machine is one: no control groups, pretended cards.
SLURM_CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={slurmctld_port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdSpoolDir={folder}/spool-%n
StateSaveLocation={folder}/state
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherParams=OverMemoryKill
JobAcctGatherFrequency=task=1
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=2,batch_sched_delay=0,bf_interval=2
SlurmdParameters=config_overrides
ReturnToService=2
JobRequeue=1
KillWait=2
OverTimeLimit=0
MinJobAge={min_job_age}
InactiveLimit=0
SlurmctldTimeout=120
SlurmdTimeout=120
GresTypes=gpu
NodeName=DEFAULT CPUs={cpus} RealMemory={memory}
NodeName=cpu1 NodeHostname={host} NodeAddr=127.0.0.1 Port={cpu_port}
NodeName=gpu1 NodeHostname={host} NodeAddr=127.0.0.1 Port={gpu_port} Gres=gpu:2
PartitionName=cpu Nodes=cpu1 Default=YES MaxTime=INFINITE
PartitionName=gpu Nodes=gpu1 MaxTime=INFINITE
"""

# Cards need a device file; nothing reads from these.
GRES_CONF = """\
NodeName=gpu1 Name=gpu File=/dev/null
NodeName=gpu1 Name=gpu File=/dev/zero
"""


def missing_programs():
    """Return the programs of SLURM and munge that this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name, path=SEARCHED) is None]


def free_ports(count):
    """Return ports of loopback that nothing listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Slurm:
    """A cluster with a node `cpu1` in a partition `cpu` and a node `gpu1` with two cards in `gpu`.

    Parameters
    ----------
    folder : pathlib.Path
        For sockets, state and logs; its path must be short, as sockets' names are.
    cpus : int, optional
        CPUs that each node says it has, whatever the machine has.
    memory : int, optional
        Memory that each node says it has, in MB.
    min_job_age : int, optional
        Seconds after which SLURM forgets a finished job.
    """

    def __init__(self, folder, cpus=4, memory=16000, min_job_age=36000):
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "SBATCH_"))},
            "SLURM_CONF": f"{folder}/slurm.conf",
            "PATH": f"{folder}/bin{os.pathsep}{SEARCHED}",
        }
        real_srun = shutil.which("srun", path=SEARCHED)
        # The plugin's job step drops SLURM's variables; on a site srun knows where its file is.
        srun = folder / "bin" / "srun"
        srun.parent.mkdir(parents=True)
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {real_srun} "$@"\n')
        srun.chmod(0o755)
        self.processes = {}
        ports = free_ports(3)
        settings = dict(zip(("slurmctld_port", "cpu_port", "gpu_port"), ports, strict=True))
        settings |= {"folder": folder, "host": socket.gethostname(), "user": getpass.getuser()}
        settings |= {"cpus": cpus, "memory": memory, "min_job_age": min_job_age}
        (folder / "state").mkdir(parents=True)
        (folder / "slurm.conf").write_text(SLURM_CONF.format(**settings))
        (folder / "gres.conf").write_text(GRES_CONF)
        key = folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)

    def __enter__(self):
        try:
            self.start_munged()
            self.start_slurmctld()
            for node in ("cpu1", "gpu1"):
                self._start(node, "slurmd", "-D", "-N", node)
            self.wait_until(lambda: self.node_states() == {"cpu1": "idle", "gpu1": "idle"})
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start_munged(self):
        """Start the authentication service and wait for its socket."""
        files = {
            "socket": "munge.socket",
            "key-file": "munge.key",
            "pid-file": "munged.pid",
            "log-file": "munged.log",
            "seed-file": "munge.seed",
        }
        options = [f"--{option}={self.folder / name}" for option, name in files.items()]
        self._start("munged", "munged", "--foreground", "--force", *options)
        self.wait_until((self.folder / "munge.socket").exists)

    def start_slurmctld(self):
        """Start the controller and wait for its answer."""
        self._start("slurmctld", "slurmctld", "-D")
        self.wait_until(lambda: "UP" in self.run("scontrol", "ping", check=False))

    def _start(self, name, *command):
        with open(self.folder / f"{name}.output", "ab") as output:
            self.processes[name] = subprocess.Popen(
                command,
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def stop_slurmctld(self):
        """Stop the controller in an orderly way: it saves its state, as for a restart."""
        process = self.processes.pop("slurmctld")
        process.terminate()
        process.wait(30)

    def cancel_all(self):
        """Cancel every job and wait until none is left."""
        self.run("scancel", "--user", getpass.getuser(), check=False)
        self.wait_until(lambda: not self.run("squeue", "--noheader", check=False))

    def stop(self):
        """Cancel what runs and stop every daemon, by its process id."""
        if "slurmctld" in self.processes:
            with contextlib.suppress(TimeoutError, RuntimeError):
                self.cancel_all()
        while self.processes:
            _, process = self.processes.popitem()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def run(self, *command, check=True):
        """Run one of SLURM's commands; return what it printed."""
        result = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60
        )
        if check and result.returncode:
            raise RuntimeError(f"{command}: {result.stderr}")
        return result.stdout.strip()

    def node_states(self):
        """Return the state of each node by its name."""
        lines = self.run("sinfo", "--noheader", "-N", "--format=%N %T", check=False)
        return dict(line.split() for line in lines.splitlines())

    def next_job(self):
        """Return the number that the next job gets."""
        return max((int(job["JobId"]) for job in self.jobs()), default=0) + 1

    def jobs(self, since=0):
        """Return what SLURM remembers of every job and array task, newest last.

        Parameters
        ----------
        since : int, optional
            Number of the first job that is asked for.

        Returns
        -------
        list of dict of str to str
            The fields of `scontrol show job`.
        """
        text = self.run("scontrol", "--oneliner", "--details", "show", "job", check=False)
        lines = [line for line in text.splitlines() if line.startswith("JobId=")]
        jobs = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]
        jobs = [job for job in jobs if int(job["JobId"]) >= since]
        return sorted(jobs, key=lambda job: int(job["JobId"]))

    def log_of(self, job):
        """Return what a job has printed; nothing where that was removed."""
        path = Path(job["StdOut"])
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_until(self, condition, seconds=60):
        """Wait for a condition; the daemons must be alive.

        Raises
        ------
        TimeoutError
            If the condition is not met in time.
        RuntimeError
            If a daemon has ended; its last words are in the message.
        """
        end = time.monotonic() + seconds
        while not condition():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    words = (self.folder / f"{name}.output").read_text()[-2000:]
                    raise RuntimeError(f"{name} ended: {words}")
            if time.monotonic() > end:
                raise TimeoutError(f"not met after {seconds} s: {condition}")
            time.sleep(0.2)
