"""The configuration: reading, checking and resolving config.yaml."""
