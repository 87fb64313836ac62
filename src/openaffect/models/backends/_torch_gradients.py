"""The past of a text moved along gradients, so that what comes next shows an attribute.

Dathathri et al., "Plug and Play Language Models", ICLR 2020, sections 3.2 and 3.3: keys and values
of what was read get small changes that lower a loss of the attribute, while the divergence from the
model's own next token holds them back; then the last token is read again with the changed past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Attribute, InvalidValueError, Nudge, Perturbed

from .torch_language import TorchState, branched

if TYPE_CHECKING:
    from .torch_language import TorchLanguageModel

_LEAST = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class MovedState:
    """What B texts have been read, as it is and with the changes made so far.

    total: (B, D), the sum of the hidden states of the tokens as the model itself reads them.
    """

    plain: TorchState
    moved: TorchState
    total: Any

    @property
    def tokens(self) -> int:
        """Return how many tokens were read."""
        return self.plain.tokens

    @property
    def rows(self) -> int:
        """Return how many texts are read side by side."""
        return self.plain.rows

    def branch(self, rows: Any) -> MovedState:
        """Return a state of these rows."""
        return MovedState(self.plain.branch(rows), self.moved.branch(rows), self.total[rows])


def perturbed(
    model: TorchLanguageModel,
    ids: NDArray[np.int64],
    state: MovedState | None,
    attribute: Attribute,
    nudge: Nudge,
    repeat: int,
) -> Perturbed:
    """See :meth:`openaffect.types.GradientModel.perturbed`; the ids are checked."""
    torch = model.torch
    read = torch.from_numpy(ids)
    if attribute.weight.shape[1] != model.width:
        raise InvalidValueError(
            f"the attribute's head reads {attribute.weight.shape[1]} values and "
            f"{model.card.name} has {model.width}: it belongs to another model"
        )
    with torch.no_grad():
        before = _before(model, read[:, :-1], state)
        last = read[:, -1:]
        logits, hidden, plain = model.run(last, None if before is None else before.plain)
        own = torch.log_softmax(logits[:, -1].float(), -1)
        total = hidden[:, -1].float() + (0 if before is None else before.total)
    if before is None:  # nothing was read that could be changed
        losses = np.zeros((0, len(ids)))
        moved_logits, moved_hidden, moved = own, hidden[:, -1], plain
    else:
        past, losses = _moved_past(model, last, before, (own, plain), attribute, nudge)
        with torch.no_grad():
            logits, hidden, moved = model.run(last, past)
        moved_logits, moved_hidden = torch.log_softmax(logits[:, -1].float(), -1), hidden[:, -1]
    after = MovedState(plain, moved, total)
    if repeat > 1:
        rows = torch.arange(len(ids)).repeat_interleave(repeat)
        own, moved_logits, moved_hidden = own[rows], moved_logits[rows], moved_hidden[rows]
        losses, after = losses[:, rows], after.branch(rows)
    return Perturbed(moved_logits.numpy(), moved_hidden.float().numpy(), after, own.numpy(), losses)


def _before(model: TorchLanguageModel, ids: Any, state: MovedState | None) -> MovedState | None:
    """Return the state behind all tokens but the last."""
    if not ids.shape[1]:
        return state
    _, hidden, plain = model.run(ids, None if state is None else state.plain)
    total = hidden.float().sum(1)
    if state is None:
        return MovedState(plain, plain, total)
    _, _, moved = model.run(ids, state.moved)
    return MovedState(plain, moved, state.total + total)


def _moved_past(
    model: TorchLanguageModel,
    last: Any,
    before: MovedState,
    unmoved: tuple[Any, TorchState],
    attribute: Attribute,
    nudge: Nudge,
) -> tuple[TorchState, NDArray[np.float64]]:
    """Return the past with what gradients add to it, and the losses on the way, (steps, B).

    unmoved: what the model itself says of the next token, and the state behind the last one.
    """
    torch = model.torch
    own, plain = unmoved
    arrays = _arrays(before.moved)
    added = [torch.zeros_like(array) for array in arrays]
    losses = []
    for _ in range(nudge.steps):
        added = [item.detach().requires_grad_() for item in added]
        with torch.enable_grad():
            past = _with(before.moved, arrays, added)
            logits, hidden, _ = model.run(last, past)
            chances = torch.log_softmax(logits[:, -1].float(), -1)
            ahead = _expected(model, chances.exp(), plain)
            mean = (before.total + hidden[:, -1].float() + ahead) / (before.tokens + 2)
            told = _loss(model, mean, attribute, nudge)
            apart = (chances.exp() * (chances - own)).sum(-1)
            slopes = torch.autograd.grad((told + nudge.divergence * apart).sum(), added)
        losses.append(told.detach().double().numpy())
        added = [
            item.detach() - nudge.size * _direction(slope, nudge.window)
            for item, slope in zip(added, slopes, strict=True)
        ]
    past = _with(before.moved, arrays, added)
    return past, np.array(losses).reshape(nudge.steps, before.rows)


def _expected(model: TorchLanguageModel, chances: Any, plain: TorchState) -> Any:
    """Return the hidden state of the expected next token, read behind the unchanged past."""
    table = model.net.get_input_embeddings().weight
    soft = (chances.to(table.dtype) @ table)[:, None, :]
    found = model.net.base_model(  # without the head, whose scores nobody asks for here
        inputs_embeds=soft, past_key_values=branched(plain.cache), use_cache=True
    )
    return found.last_hidden_state[:, -1].float()


def _loss(model: TorchLanguageModel, mean: Any, attribute: Attribute, nudge: Nudge) -> Any:
    """Return (B,): how far the text is from the attribute, and from its strength.

    Cross-entropy to the wanted shares, and a normal density about the wanted strength, as Singh et
    al., "Adapting a language model for controlled affective text generation", COLING 2020, put one
    about the wanted intensity; theirs is over words, this one over the head's probability.
    """
    torch = model.torch
    head = torch.from_numpy(attribute.weight), torch.from_numpy(attribute.bias)
    told = torch.log_softmax(torch.nn.functional.linear(mean, *head), -1)
    wanted = torch.from_numpy(attribute.shares)
    shown = told.exp()[:, wanted > 0].sum(-1)
    away = (shown - attribute.strength) / nudge.spread
    return -(told * wanted).sum(-1) + nudge.strength * away.square() / 2


def _direction(slope: Any, window: int) -> Any:
    """Return the gradient over its size, a text and array each; the last positions alone count."""
    if window and slope.shape[2] > window:
        slope = slope.clone()
        slope[:, :, :-window] = 0
    sizes = slope.flatten(1).norm(dim=1) + _LEAST
    return slope / sizes[:, None, None, None]


def _arrays(state: TorchState) -> list[Any]:
    layers = getattr(state.cache, "layers", ())
    arrays = [getattr(layer, part, None) for layer in layers for part in ("keys", "values")]
    if not arrays or any(array is None for array in arrays):
        raise InvalidValueError(
            "this model keeps something else than keys and values of what it read, which cannot "
            "be changed by gradients: take another method"
        )
    return arrays


def _with(state: TorchState, arrays: list[Any], added: list[Any]) -> TorchState:
    """Return a state whose keys and values have something added."""
    cache = branched(state.cache)
    sums = [array + more for array, more in zip(arrays, added, strict=True)]
    for layer, keys, values in zip(cache.layers, sums[::2], sums[1::2], strict=True):
        layer.keys, layer.values = keys, values
    return TorchState(cache, state.tokens, state.rows)
