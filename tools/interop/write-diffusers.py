"""write-diffusers.py OUT: diffusers writes directories of networks with random weights, and its answers: outputs, and both ends of DDIM trajectories."""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from diffusers import DDIMPipeline, DDIMScheduler, DDPMPipeline, DDPMScheduler, UNet2DModel
from diffusers.utils import logging
from safetensors.torch import load_file, save_file

logging.set_verbosity_error()

BATCH = 4
STEPS = 20

small = dict(sample_size=16, in_channels=1, out_channels=1, block_out_channels=(8, 16, 24), layers_per_block=1, norm_num_groups=4, attention_head_dim=4)
plain = dict(down_block_types=("DownBlock2D", "DownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "UpBlock2D", "UpBlock2D"))
biggan = dict(
    down_block_types=("ResnetDownsampleBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
    up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D"),
    downsample_type="resnet",
    upsample_type="resnet",
)
linear = dict(beta_schedule="linear")
cosine = dict(beta_schedule="squaredcos_cap_v2")

# name, options of the network, scheduler and its options, what else is special
CASES = [
    ("attention at two levels, three levels of colour images", {**small, **plain, "in_channels": 3, "out_channels": 3, "down_block_types": ("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"), "up_block_types": ("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"), "layers_per_block": 2, "dropout": 0.1}, linear, {}),
    ("DDPM: one head, zeros behind the image, its time embedding, names of old", {**small, **plain, "attention_head_dim": None, "downsample_padding": 0, "flip_sin_to_cos": False, "freq_shift": 1, "norm_eps": 1e-6}, linear, {"former": True}),
    ("ADM: scale and shift, residual blocks that resample, classes, learned variance", {**small, **biggan, "in_channels": 3, "out_channels": 6, "resnet_time_scale_shift": "scale_shift", "attn_norm_num_groups": 6, "num_class_embeds": 11}, cosine, {}),
    ("scale and shift with a middle that is not normalised, sums divided by √2, another embedding", {**small, **biggan, "resnet_time_scale_shift": "scale_shift", "mid_block_scale_factor": 1.4142135623730951, "time_embedding_dim": 20, "flip_sin_to_cos": False}, cosine, {}),
    ("images of 0 … 1, no attention in the middle, v-prediction without signal at the end", {**small, **plain, "center_input_sample": True, "add_attention": False, "freq_shift": 1}, {**linear, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True}, {}),
    ("a second time", {**small, **plain, "class_embed_type": "timestep"}, linear, {"embeds": "timestep"}),
    ("features beside the time", {**small, **biggan, "class_embed_type": "identity"}, linear, {"embeds": "identity"}),
    ("a U-Net alone", {**small, **plain, "num_class_embeds": 5}, {}, {"bare": True}),
]

UNSUPPORTED = [
    ("unet", {"act_fn": "gelu"}, 'act_fn "gelu" (only "silu")'),
    ("unet", {"time_embedding_type": "fourier"}, 'time_embedding_type "fourier" (only "positional")'),
    ("unet", {"down_block_types": ["SkipDownBlock2D", "DownBlock2D", "AttnDownBlock2D"]}, "down_block_types[0]"),
    ("scheduler", {"_class_name": "ScoreSdeVeScheduler"}, '_class_name "ScoreSdeVeScheduler"'),
    ("scheduler", {"trained_betas": [0.1, 0.3, 0.2]}, "trained_betas are of no schedule"),
]

FORMER = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


def rename_as_of_old(path):
    weights = load_file(path)
    renamed = {}
    for name, value in weights.items():
        for today, former in FORMER.items():
            if "attentions." in name:
                name = name.replace(f".{today}.", f".{former}.")
        renamed[name] = value
    save_file(renamed, path, {"format": "pt"})


@torch.no_grad()
def write_case(out, index, name, options, scheduler_options, special):
    torch.manual_seed(index)
    model = UNet2DModel(**options).eval()
    for parameter in model.parameters():
        parameter.add_(0.05 * torch.randn(parameter.shape))
    scheduler = DDIMScheduler(clip_sample=False, **scheduler_options)
    directory = os.path.join(out, f"diffusers-{index}")
    if special.get("bare"):
        model.save_pretrained(directory)
    else:
        kind = DDPMPipeline if index % 2 else DDIMPipeline
        kind(unet=model, scheduler=DDPMScheduler.from_config(scheduler.config) if index % 2 else scheduler).save_pretrained(directory)
    if special.get("former"):
        rename_as_of_old(os.path.join(directory, "unet", "diffusion_pytorch_model.safetensors"))
    x = torch.randn(BATCH, options["in_channels"], options["sample_size"], options["sample_size"])
    times = torch.tensor([0, 333, 666, 999])
    answers = {"x": x, "times": times.int()}
    labels = None
    if "num_class_embeds" in options:
        labels = torch.arange(BATCH) % (options["num_class_embeds"] - 1)
        answers["labels"] = labels.int()
    elif special.get("embeds") == "timestep":
        labels = torch.tensor([7, 0, 999, 42])
        answers["labels"] = labels.float()
    elif special.get("embeds") == "identity":
        labels = torch.randn(BATCH, 4 * options["block_out_channels"][0])
        answers["labels"] = labels
    answers["output"] = model(x, times, class_labels=labels).sample
    if not special.get("embeds"):
        start = torch.randn(x.shape)
        scheduler.set_timesteps(STEPS)
        end = start
        for t in scheduler.timesteps:
            prediction = model(end, t, class_labels=labels).sample[:, : options["in_channels"]]
            end = scheduler.step(prediction, t, end, eta=0.0).prev_sample
        answers |= {"start": start, "end": end}
    path = os.path.join(out, f"diffusers-{index}.safetensors")
    save_file({key: value.contiguous() for key, value in answers.items()}, path)
    return {"name": name, "directory": directory, "answers": path, "steps": STEPS, "isTold": special.get("embeds") is not None}


def write_unsupported(out, index, part, change, message):
    directory = os.path.join(out, f"unsupported-{index}")
    DDPMPipeline(unet=UNet2DModel(**small, **plain), scheduler=DDPMScheduler()).save_pretrained(directory)
    path = os.path.join(directory, part, "config.json" if part == "unet" else "scheduler_config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**config, **change}, file)
    return {"directory": directory, "message": message}


def main():
    out = sys.argv[1]
    cases = [write_case(out, index, *case) for index, case in enumerate(CASES)]
    unsupported = [write_unsupported(out, index, *case) for index, case in enumerate(UNSUPPORTED)]
    with open(os.path.join(out, "import.json"), "w", encoding="utf-8") as file:
        json.dump({"cases": cases, "unsupported": unsupported}, file)


main()
