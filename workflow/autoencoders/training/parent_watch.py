"""Ends a training run whose parent is gone, such as a Snakemake that was killed."""

import os
import signal
import threading
import time


def end_with_parent(interval=0.5, grace=10.0):
    """Start a thread that terminates this process once it has another parent.

    It looks every `interval` seconds. The main thread, which may be within a long epoch, has
    `grace` seconds to clean up.
    """
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(interval)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
