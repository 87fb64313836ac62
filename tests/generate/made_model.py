"""A tiny Llama network with a tokenizer of its own, as a GGUF file and as PyTorch's network."""

import numpy as np

LETTERS = [
    *"abcdefghijklmnopqrstuvwxyz.,!?'",
    "Ġ",
    "Ċ",
    *"0123456789",
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
]
MERGES = ["t h", "th e", "Ġ the", "i n", "a n", "an d"]
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOKENS = [*CONTROL, *LETTERS, *(merge.replace(" ", "") for merge in MERGES)]
WIDTH, LAYERS, HEADS, KEY_HEADS, INNER, LONGEST = 64, 2, 4, 2, 96, 64


def network(seed=0, **facts):
    """Return PyTorch's Llama with random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(TOKENS), hidden_size=WIDTH, intermediate_size=INNER,
        num_hidden_layers=LAYERS, num_attention_heads=HEADS, num_key_value_heads=KEY_HEADS,
        max_position_embeddings=LONGEST, rope_theta=10_000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=True, initializer_range=0.12, **facts,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


def other_network(seed=0):
    """Return a Qwen2 network with random weights: of another kind than Llama."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=len(TOKENS), hidden_size=WIDTH, intermediate_size=INNER,
        num_hidden_layers=LAYERS, num_attention_heads=HEADS, num_key_value_heads=KEY_HEADS,
        max_position_embeddings=LONGEST, rope_theta=10_000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=True, initializer_range=0.12,
    )  # fmt: skip
    return Qwen2ForCausalLM(config).eval()


_NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}  # fmt: skip


def write_gguf(path, net, architecture="llama", tokenizer="gpt2", without=(), more=None):
    """Write the network as llama.cpp's converter does: a Llama's halves of a head interleaved.

    more: further tensors by name.
    """
    import gguf

    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_block_count(LAYERS)
    writer.add_context_length(LONGEST)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_tokenizer_model(tokenizer)
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3] * len(CONTROL) + [1] * (len(TOKENS) - len(CONTROL)))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in net.state_dict().items():
        if name == "lm_head.weight" or name in without:
            continue
        stem, kind = name.rsplit(".", 1)
        if stem.startswith("model.layers."):
            _, _, layer, part = stem.split(".", 3)
            stem = f"blk.{layer}.{_NAMES[part]}"
        else:
            stem = _NAMES[stem]
        array = tensor.numpy().astype(np.float32)
        for part, heads in (("attn_q", HEADS), ("attn_k", KEY_HEADS)):
            if stem.endswith(part) and architecture == "llama":
                halves = array.reshape(heads, 2, -1, array.shape[1])
                array = halves.swapaxes(1, 2).reshape(array.shape)
        writer.add_tensor(f"{stem}.{kind}", array)
    for name, array in (more or {}).items():
        writer.add_tensor(name, np.asarray(array, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_folder(path, net, coder, **facts):
    """Save the network and a tokenizer of the library ``tokenizers`` as transformers does."""
    from transformers import PreTrainedTokenizerFast

    net.save_pretrained(path)
    PreTrainedTokenizerFast(
        tokenizer_object=coder, bos_token="<|im_start|>", eos_token="<|im_end|>",
        unk_token="<|endoftext|>", chat_template=TEMPLATE, **facts,
    ).save_pretrained(path)  # fmt: skip
    return path
