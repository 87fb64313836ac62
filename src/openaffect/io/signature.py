"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from typing import Literal

Signature = Literal["image", "container", "refused", ""]

# (offset, bytes) of formats that Pillow reads.
_IMAGES = (
    (0, b"\xff\xd8\xff"),
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"GIF87a"),
    (0, b"GIF89a"),
    (0, b"II*\x00"),
    (0, b"MM\x00*"),
    (0, b"\x00\x00\x00\x0cjP  "),
    (0, b"\xff\x4f\xff\x51"),
    (0, b"\x00\x00\x01\x00"),
    (8, b"WEBP"),
)
_IMAGE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")

# Formats that FFmpeg's demuxers read; whether there is a picture in it, only they can tell.
_CONTAINERS = (
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (0, b"\x1a\x45\xdf\xa3"),
    (8, b"WAVE"),
    (8, b"AVI "),
    (0, b"riff"),
    (8, b"AIFF"),
    (8, b"AIFC"),
    (0, b"OggS"),
    (0, b"fLaC"),
    (0, b"ID3"),
    (0, b"FLV\x01"),
    (0, b"caff"),
    (0, b".snd"),
    (0, b"#!AMR"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    (0, b"\x00\x00\x01\xba"),
    (0, b"\x00\x00\x01\xb3"),
    (0, b"wvpk"),
    (0, b"MAC "),
    (0, b"TTA1"),
    (0, b"DKIF"),
    (0, b"\x06\x0e\x2b\x34"),
)

_REFUSED = (
    (0, b"%PDF", "a PDF document; export its text or its pictures first"),
    (0, b"PK\x03\x04", "a zip archive or an office document; unpack it or save it as text"),
    (0, b"PK\x05\x06", "an empty zip archive"),
    (0, b"\x1f\x8b", "a gzip archive; unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (0, b"Rar!", "a RAR archive; unpack it first"),
    (0, b"{\\rtf", "a rich text document; save it as plain text"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"PAR1", "a Parquet table; save it as CSV or JSON lines"),
    (0, b"#EXTM3U", "a playlist; give the media it names"),
    (0, b"ffconcat version", "a playlist; give the media it names"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document; save it as text"),
)


def refusal(first: bytes) -> str:
    """Return what a known but unreadable kind of file is and what to do, or an empty string."""
    for offset, magic, what in _REFUSED:
        if first[offset : offset + len(magic)] == magic:
            return what
    return ""


def signature(first: bytes) -> Signature:
    """Return what the first bytes (some hundreds are enough) say; empty when they say nothing."""
    if first[4:8] == b"ftyp" and first[8:12] in _IMAGE_BRANDS:
        return "image"
    if _starts(first, _IMAGES) or _bitmap(first) or _portable_map(first):
        return "image"
    if _starts(first, _CONTAINERS) or _transport_stream(first) or _audio_sync(first):
        return "container"
    return "refused" if refusal(first) else ""


def looks_like_text(first: bytes) -> bool:
    """Tell whether the first bytes are text: a byte order mark, or UTF-8 without control bytes."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    if any(byte < 9 or 13 < byte < 27 for byte in first):
        return False
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut by the end of the head, never by more than three bytes.
        return error.start >= len(first) - 3 and error.reason == "unexpected end of data"
    return bool(first)


def _starts(first: bytes, known: tuple[tuple[int, bytes], ...]) -> bool:
    return any(first[offset : offset + len(magic)] == magic for offset, magic in known)


def _bitmap(first: bytes) -> bool:
    return first[:2] == b"BM" and first[6:10] == b"\x00\x00\x00\x00"


def _portable_map(first: bytes) -> bool:
    return len(first) > 2 and first[:1] == b"P" and first[1:2] in b"123456" and first[2:3].isspace()


def _transport_stream(first: bytes) -> bool:
    return len(first) > 376 and first[0] == first[188] == first[376] == 0x47


def _audio_sync(first: bytes) -> bool:
    """MPEG audio frames and ADTS: eleven sync bits, then fields that are never all ones."""
    if len(first) < 3 or first[0] != 0xFF or first[1] & 0xE0 != 0xE0:
        return False
    if first[1] & 0xF6 == 0xF0:
        return first[2] >> 2 & 0xF < 13
    return first[1] & 0x06 == 0x02 and first[2] >> 4 != 0xF and first[2] >> 2 & 3 != 3
