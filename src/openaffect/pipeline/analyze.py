"""One input, whatever it is, to its timelines."""

from __future__ import annotations

import tempfile
from pathlib import Path

from openaffect.types.analysis import Analysis
from openaffect.types.protocols import Progress, no_progress

from .kit import Kit
from .options import Options
from .run import Models, Run
from .source import path_of


class Analyzer:
    """Analyses one input after the other with the same models.

    ``kit`` stands for the models; by default :class:`~openaffect.pipeline.kit.Kit`, which takes the
    best installed ones.
    """

    def __init__(self, options: Options | None = None, *, kit: Models | None = None) -> None:
        self._options = options or Options()
        self._kit = kit or Kit(self._options)

    def __call__(
        self,
        source: str | Path,
        *,
        work: Path | None = None,
        progress: Progress = no_progress,
    ) -> Analysis:
        """Analyse one input; see :func:`analyze`.

        ``work`` is a folder for what is finished of it: when the call is interrupted, the next one
        with the same folder, input, options and models goes on from there. The caller removes it.
        """
        path = path_of(source, self._options.modality)
        if work is not None:
            return Run(source, path, self._options, self._kit, work, progress).analysis()
        with tempfile.TemporaryDirectory(prefix="openaffect-") as folder:
            return Run(source, path, self._options, self._kit, Path(folder), progress).analysis()


def analyze(
    source: str | Path,
    *,
    modality: str | None = None,
    every: float | None = 0.2,
    transcript: bool | None = None,
    license: str = "any",
    device: str = "cpu",
    threads: int = 0,
    anonymize: bool = False,
    column: str | None = None,
    smooth: float | None = None,
    baseline: str | None = None,
    words: str | None = None,
    speaker: str | None = None,
    dialogue: str | None = None,
    roles: bool = False,
    progress: Progress = no_progress,
) -> Analysis:
    """Find the emotion in one input: a picture, a recording, a video, a text or a table's column.

    Parameters
    ----------
    source: a file, known by its content; or a sentence (see
        :func:`~openaffect.pipeline.source.path_of` for how they are told apart).
    modality, every, transcript, license, device, threads, anonymize, column, smooth, baseline,
        words, speaker, dialogue, roles: see :class:`~openaffect.pipeline.options.Options`.
    progress: called with what is done (``face``, ``speech``, ``text`` ...), how much (seconds or
        sentences) and of how much, or ``None``.

    Returns
    -------
    An analysis with the timelines of :data:`~openaffect.pipeline.run.ORDER` that the input and the
    installed models allow. Nobody there is a timeline of no rows; a model that is not there leaves
    its timelines out and a sentence in ``warnings``.

    Raises
    ------
    SourceNotFoundError
        when there is no such file.
    MediaError
        when it cannot be read.
    WeightsUnavailableError
        when of all models that could tell something of it none is to be had.
    InvalidValueError, UnknownNameError
        for an option or column that does not exist.
    """
    options = Options(
        modality=modality,
        every=every,
        transcript=transcript,
        license=license,
        device=device,
        threads=threads,
        anonymize=anonymize,
        column=column,
        smooth=smooth,
        baseline=baseline,
        words=words,
        speaker=speaker,
        dialogue=dialogue,
        roles=roles,
    )
    return Analyzer(options)(source, progress=progress)
