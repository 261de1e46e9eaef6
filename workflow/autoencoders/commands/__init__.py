"""The command line: `autoencoders show`, `diff`, `why` and `number`, without TensorFlow."""
