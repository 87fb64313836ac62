"""Tiny corpora in the data folder's own form, and cards whose models are a line of arithmetic."""

import numpy as np

from openaffect.io.audio import write_wav


def write_table(path, **columns):
    import pandas

    path.parent.mkdir(parents=True, exist_ok=True)
    table = pandas.DataFrame(columns)
    table.to_parquet(path) if path.suffix == ".parquet" else table.to_csv(path, index=False)


def emobank(root, count=40):
    for number, split in enumerate(("train", "validation")):
        values = np.linspace(1, 5, count)
        words = ["awful", "bad", "fine", "good", "great"]
        write_table(
            root / "text" / f"emobank-{split}.parquet",
            text=[f"a {words[round(v) - 1]} thing {number} {i}" for i, v in enumerate(values)],
            valence=values,
            arousal=values[::-1].copy(),
            dominance=np.full(count, 3.0),
            id=[f"{split}{i}" for i in range(count)],
        )


def goemotions(root, count=60):
    """Texts whose word gives the label away; one training text is judged too."""
    words = {"joy": "hooray", "anger": "grr", "neutral": "ok"}
    names = [*words]
    for split in ("train", "validation"):
        labels = [[names[i % 3]] for i in range(count)]
        texts = [f"{words[label[0]]} {split} {i}" for i, label in enumerate(labels)]
        texts[0] = "Hooray  twice" if split == "train" else "hooray twice"
        write_table(
            root / "text" / f"goemotions-{split}.parquet",
            text=texts,
            labels=labels,
            id=[f"{split}{i}" for i in range(count)],
        )


def emodb(root, speakers=3, name="emodb"):
    """Each emotion a tone of its own height; every speaker says each once.

    ``name`` may be ``ravdess``, which has calm for boredom and statements for sentences.
    """
    other = name == "ravdess"
    emotions = ["anger", "calm" if other else "boredom", "disgust", "fear", "happiness"]
    emotions += ["sadness", "neutral"]
    files, who, said = [], [], []
    for speaker in range(speakers):
        for number, emotion in enumerate(emotions):
            file = f"{name}/{speaker:02d}{emotion}.wav"
            time = np.arange(8000) / 16000
            sound = 0.3 * np.sin(2 * np.pi * (200 + 150 * number + 5 * speaker) * time)
            (root / "speech" / name).mkdir(parents=True, exist_ok=True)
            write_wav(root / "speech" / file, sound.astype(np.float32), 16000)
            files.append(file)
            who.append(f"{speaker:02d}")
            said.append(emotion)
    write_table(
        root / "speech" / f"{name}.csv",
        file=files,
        speaker=who,
        emotion=said,
        **{"statement" if other else "text_code": ["a01"] * len(files)},
    )


def ferplus(root, count=24):
    """Faces of stripes: the direction of the stripes is the emotion; one face is repeated."""
    import cv2

    for seed, split in enumerate(("train", "validation")):
        random = np.random.default_rng(seed)
        pictures, votes = [], []
        for number in range(count):
            stripes = np.tile((np.arange(48) // 4 % 2 * 200).astype(np.uint8), (48, 1))
            picture = stripes if number % 2 else stripes.T
            noisy = picture + random.integers(0, 40, (48, 48)).astype(np.uint8)
            if number == 0:
                noisy = stripes.T.copy()
            pictures.append(cv2.imencode(".png", np.ascontiguousarray(noisy))[1].tobytes())
            row = [0] * 10
            row[8 if number == count - 1 else number % 2] = 10  # the last is called unknown
            votes.append(row)
        write_table(
            root / "face" / f"ferplus-{split}.parquet",
            image=pictures,
            votes=[np.array(row, np.int8) for row in votes],
            source_index=list(range(count)),
        )


def meld(root):
    for split in ("train", "validation"):
        write_table(
            root / "text" / f"meld-{split}.parquet",
            dialogue_id=[0, 0, 1, 1, 2, 2],
            utterance_id=[0, 1, 0, 1, 0, 1],
            speaker=["Joey"] * 6,
            text=[f"{word} {split}" for word in ("yay", "boo", "yay", "boo", "so", "so")],
            emotion=["joy", "anger", "joy", "anger", "neutral", "neutral"],
            sentiment=["positive", "negative", "positive", "negative", "neutral", "neutral"],
        )


def empathetic(root):
    for split in ("train", "validation"):
        write_table(
            root / "text" / f"empathetic-{split}.parquet",
            conversation_id=["a", "a", "b", "b"],
            turn=[0, 1, 0, 1],
            speaker=["speaker", "listener"] * 2,
            utterance=["I lost it", "Oh no", "We won", "Great"],
            situation=[f"lost my cat {split}"] * 2 + [f"won the cup {split}"] * 2,
            emotion=["sad", "sad", "proud", "proud"],
        )


def xed(root):
    for split in ("train", "validation"):
        write_table(
            root / "text" / f"xed-en-{split}.parquet",
            text=[f"fine , then {split}", f"plain line {split}", f"boo {split}"],
            labels=[["joy", "trust"], ["neutral"], ["anger"]],
            id=[f"{split}{i}" for i in range(3)],
        )


def brighter(root, count=30):
    import json

    for split in ("train", "validation"):
        labels = [["joy"] if i % 3 == 0 else ["fear", "anger"] if i % 3 == 1 else []
                  for i in range(count)]  # fmt: skip
        write_table(
            root / "text" / f"brighter-eng-{split}.parquet",
            text=[f"{'+'.join(label) or 'none'} {split} {i}" for i, label in enumerate(labels)],
            labels=labels,
            id=[f"{split}{i}" for i in range(count)],
        )
    emotions = ["anger", "fear", "joy", "sadness", "surprise"]
    (root / "text" / "brighter-labels.json").write_text(json.dumps({"eng": emotions}))
