"""The formats that results are written in, as an option of the command line."""

from __future__ import annotations

import argparse


def listed() -> str:
    """Return the names of the formats with commas between them."""
    from openaffect.pipeline.outputs import format_names

    return ", ".join(format_names())


def chosen(text: str) -> tuple[str, ...]:
    """Return the formats of ``csv,srt``; the type of an argument."""
    from openaffect.pipeline.outputs import check_formats
    from openaffect.types import UnknownNameError

    try:
        names = check_formats([part.strip() for part in text.split(",") if part.strip()])
    except UnknownNameError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not names:
        raise argparse.ArgumentTypeError(f"name at least one of {listed()}")
    return names
