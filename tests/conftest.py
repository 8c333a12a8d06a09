"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Examples follow from the code alone, so a red test is red everywhere. Kernels compile inside the
# first example, which is no reason to call a test slow.
settings.register_profile(
    "alignsim",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("alignsim")
