"""TensorFlow, loaded the way every training needs it."""

import os


def prepare(threads, onednn):
    """Load TensorFlow without Keras, with a fixed number of threads and fixed kernels.

    To be called before any module that imports TensorFlow. With the number of threads and the
    oneDNN switch fixed, results repeat to the bit on the same machine and wheel.

    Parameters
    ----------
    threads : int
        Threads for the operations of this process.
    onednn : bool
        Whether oneDNN's kernels are used. TensorFlow's own default goes by the CPU model.
    """
    # TensorFlow imports Keras, and Keras every plotting library it finds, unless the legacy Keras
    # is asked for; that one is then never loaded.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(onednn))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    # Its warnings on retracing are about loops over ever new shapes; here each network has its few.
    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
