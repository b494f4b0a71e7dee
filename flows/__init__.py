"""The Prefect flows: thin, over use cases. Quiet and without a call outside where no server is configured."""

import os

# Set before Prefect is imported; whoever has set them otherwise keeps their own.
for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # an old office machine is slow to start it
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # a failing task would print a traceback; the command line prints the sentence
}.items():
    os.environ.setdefault(_name, _value)
