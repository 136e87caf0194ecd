"""What every test stands on: property tests without a stopwatch, since two busy cores are no law of nature."""

from hypothesis import HealthCheck, settings

settings.register_profile("candour", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("candour")
