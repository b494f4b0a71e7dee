"""The command line: data to stdout, progress and logs to stderr."""


def main() -> None:
    """Run the command line."""
