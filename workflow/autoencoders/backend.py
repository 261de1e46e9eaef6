"""TensorFlow, loaded the way every training needs it."""

import gc
import os
import socket


class DeviceError(Exception):
    """The device that the configuration asks for is not there; the message is for the user."""


def prepare(threads, onednn, device="cpu", tf32=False):
    """Load TensorFlow without Keras, with a fixed number of threads, fixed kernels and one device.

    To be called before any module that imports TensorFlow. With the number of threads and the
    oneDNN switch fixed, results on the CPU repeat to the bit on the same machine and wheel.

    Parameters
    ----------
    threads : int
        Threads for the operations of this process.
    onednn : bool
        Whether oneDNN's kernels are used. TensorFlow's own default goes by the CPU model.
    device : {"cpu", "gpu", "auto"}, optional
        "gpu" is the first card that this process may see, "auto" a card where there is one.
    tf32 : bool, optional
        Whether a card may round the factors of float32 products to 10 bits (TensorFloat-32),
        which is TensorFlow's own default.

    Returns
    -------
    dict
        `kind` ("cpu" or "gpu"); for a card also its `name` and `compute_capability` (str or None);
        `cuda_visible_devices`, the cards that this process was given (str or None), and `tf32`.

    Raises
    ------
    DeviceError
        If `device` is "gpu" and TensorFlow can use no card.
    """
    # TensorFlow imports Keras, and Keras every plotting library it finds, unless the legacy Keras
    # is asked for; that one is then never loaded.
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
    return choose_device(tf, device) | {"tf32": tf32}


def choose_device(tf, device):
    """Let TensorFlow see the chosen device alone; return what `prepare` tells of it."""
    given = {"cuda_visible_devices": os.environ.get("CUDA_VISIBLE_DEVICES")}
    cards = [] if device == "cpu" else tf.config.list_physical_devices("GPU")
    if cards:
        tf.config.set_visible_devices(cards[:1], "GPU")
        # Without this one process takes the whole memory of a card that others may share.
        tf.config.experimental.set_memory_growth(cards[0], True)
        details = tf.config.experimental.get_device_details(cards[0])
        capability = details.get("compute_capability")
        return {
            "kind": "gpu",
            "name": details.get("device_name"),
            "compute_capability": capability and ".".join(map(str, capability)),
            **given,
        }
    if device == "gpu":
        raise DeviceError(no_card(given["cuda_visible_devices"], tf.test.is_built_with_cuda()))
    tf.config.set_visible_devices([], "GPU")
    return {"kind": "cpu", **given}


def no_card(visible, built_with_cuda):
    """Return the sentence for a missing card: what is wrong here and what to do."""
    found = f"device is gpu, but TensorFlow finds no card on {socket.gethostname()}"
    if not built_with_cuda:
        return (
            f"{found}: the TensorFlow installed here is the build for CPUs; install "
            "requirements/slurm-gpu.txt, use --sdm conda, or set device: cpu in the configuration."
        )
    if visible in (None, "", "-1", "NoDevFiles"):
        return (
            f"{found}: the job was given none (CUDA_VISIBLE_DEVICES is {visible}); ask for one, "
            "as profiles/slurm-gpu does, or set device: cpu in the configuration."
        )
    return (
        f"{found}, though it was given CUDA_VISIBLE_DEVICES={visible}: nvidia-smi there shows "
        "whether driver and card work; or set device: cpu in the configuration."
    )
