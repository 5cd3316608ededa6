"""Runs one target under atheris in this process; started by the campaign, once a target."""

import sys

import atheris

with atheris.instrument_imports(include=["bank_adapters"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Hand the rest of the command line to libFuzzer."""
    target = TARGETS[sys.argv[1]]

    def test_one_input(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], test_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
