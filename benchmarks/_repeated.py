"""Repeat a clip to a longer film, packet by packet, without encoding it again.

python benchmarks/_repeated.py clip.mp4 film.mp4 SECONDS

Subtitles beside the clip (clip.srt) are repeated to film.srt.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("film", type=Path)
    parser.add_argument("seconds", type=float)
    args = parser.parse_args()
    length = repeat(args.clip, args.film, args.seconds)
    words = args.clip.with_suffix(".srt")
    if words.is_file():
        text = "\n".join(repeated_words(words, length, args.seconds))
        args.film.with_suffix(".srt").write_text(text, encoding="utf-8")


def repeat(clip: Path, film: Path, seconds: float) -> float:
    """Write ``film``: the clip again and again until it lasts ``seconds``; return a round's length.

    Every round starts where the clip's pictures end, so that pictures keep their pace; a packet of
    sound that would reach into another round is left out.
    """
    import av

    with av.open(str(clip)) as source, av.open(str(film), "w", format="mp4") as target:
        pictures = source.streams.video[0]
        length = pictures.frames / pictures.average_rate
        bases = {stream.index: stream.time_base for stream in source.streams}
        copies = {
            stream.index: target.add_stream_from_template(stream) for stream in source.streams
        }
        for turn in range(max(1, round(seconds / float(length)))):
            source.seek(0)
            for packet in source.demux():
                base = bases[packet.stream_index]
                if packet.dts is None:
                    continue
                if packet.stream.type == "audio" and not _within(packet, base, length, turn):
                    continue
                offset = round(turn * length / base)
                packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                packet.stream = copies[packet.stream_index]
                target.mux_one(packet)
    return float(length)


def repeated_words(path: Path, length: float, seconds: float) -> Iterator[str]:
    """Yield the subtitles of every round as blocks of SubRip text."""
    from _duet import Turn, subtitles

    from openaffect.io.subtitles import read_subtitles

    cues = read_subtitles(path)
    for turn in range(max(1, round(seconds / length))):
        shift = turn * length
        yield subtitles(
            tuple(Turn(0, cue.start + shift, cue.end + shift, cue.text) for cue in cues)
        )


def _within(packet: Any, base: Fraction, length: Fraction, turn: int) -> bool:
    """Tell whether sound keeps to its round; what primes the decoder comes before the first."""
    return (turn == 0 or packet.pts >= 0) and (packet.pts + packet.duration) * base <= length


if __name__ == "__main__":
    main()
