"""How many examples are tried: a few in CI, 5,000 with `--hypothesis-profile=long`."""

from hypothesis import settings

COMMON = {"deadline": None, "database": None, "print_blob": True}
settings.register_profile("short", max_examples=100, derandomize=True, **COMMON)
settings.register_profile("long", max_examples=5000, **COMMON)
settings.load_profile("short")
