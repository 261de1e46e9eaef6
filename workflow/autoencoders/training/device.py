"""TensorFlow, loaded as every training run needs it: threads, kernels and device."""

import gc
import os
import socket


class DeviceError(Exception):
    """The device that the configuration asks for is missing; the message is for the user."""


def prepare(threads, onednn, device="cpu", tf32=False):
    """Load TensorFlow without Keras, with a fixed number of threads, fixed kernels and one device.

    To be called before any module that imports TensorFlow. With threads and oneDNN fixed, results
    on the CPU repeat to the bit on the same machine and wheel.

    Parameters
    ----------
    threads : int
    onednn : bool
        Whether oneDNN's kernels are used. TensorFlow's own default goes by the CPU model.
    device : {"cpu", "gpu", "auto"}, optional
        "gpu" is the first GPU that this process may see, "auto" a GPU where there is one.
    tf32 : bool, optional
        Whether a GPU may round the factors of float32 products to 10 bits (TensorFloat-32).

    Returns
    -------
    dict
        What the run records of the device: its `kind`, "cpu" or "gpu", and more.

    Raises
    ------
    DeviceError
        If `device` is "gpu" and TensorFlow can use none.
    """
    # TensorFlow imports Keras, and that every plotting library, unless asked for the legacy Keras.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(onednn))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # The import makes objects by the hundred thousand, and all stay: looking for garbage among them
    # would take a fifth of its time. Frozen, they are left out of later collections, too.
    gc.disable()
    import tensorflow as tf

    gc.freeze()
    gc.enable()

    # Its warnings on retracing are about loops over ever new shapes; here each network has its few.
    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.config.experimental.enable_tensor_float_32_execution(tf32)
    return {**choose_device(tf, device), "tf32": tf32}


def choose_device(tf, device):
    """Let TensorFlow see the chosen device alone; return what `prepare` says of it."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    gpus = [] if device == "cpu" else tf.config.list_physical_devices("GPU")
    if not gpus:
        if device == "gpu":
            raise DeviceError(why_no_gpu(given, tf.test.is_built_with_cuda()))
        tf.config.set_visible_devices([], "GPU")
        return {"kind": "cpu", "cuda_visible_devices": given}
    tf.config.set_visible_devices(gpus[:1], "GPU")
    # Without this one process takes the whole memory of a GPU that others may share.
    tf.config.experimental.set_memory_growth(gpus[0], True)
    details = tf.config.experimental.get_device_details(gpus[0])
    capability = details.get("compute_capability")
    return {
        "kind": "gpu",
        "name": details.get("device_name"),
        "compute_capability": capability and ".".join(map(str, capability)),
        "cuda_visible_devices": given,
    }


def why_no_gpu(visible, built_with_cuda):
    """Return the sentence for a missing GPU: what is wrong here and what to do."""
    if not built_with_cuda:
        reason = "the TensorFlow installed here is the build for CPUs"
        advice = "install requirements/slurm-gpu.txt, use --sdm conda"
    elif visible in (None, "", "-1", "NoDevFiles"):
        reason = f"the job was given none (CUDA_VISIBLE_DEVICES is {visible})"
        advice = "request one, as profiles/slurm-gpu does"
    else:
        reason = f"the job was given CUDA_VISIBLE_DEVICES={visible}, but it cannot be used"
        advice = "check driver and GPU there with nvidia-smi"
    found = f"device is gpu, but TensorFlow finds no GPU on {socket.gethostname()}"
    return f"{found}: {reason}; {advice}, or set device: cpu in the configuration."
