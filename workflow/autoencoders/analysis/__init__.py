"""Numbers from runs: tables, comparison, calibration."""
