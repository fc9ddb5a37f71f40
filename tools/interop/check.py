"""check.py CASES: loads each case with diffusers and compares. Prints one line a check and the count last."""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import torch.nn.functional as F
from diffusers import DDIMScheduler, DiffusionPipeline, UNet2DModel
from diffusers.utils import logging
from safetensors.torch import load_file

logging.set_verbosity_error()
logging.disable_progress_bar()

OUTPUT_TOLERANCE = 1e-4
TRAJECTORY_TOLERANCE = 1e-3


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, what, ok, detail):
        self.passed += ok
        self.failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {detail}")


def check_names(checks, name, directory):
    """Names and shapes in the file are exactly those of a network that diffusers builds from the configuration."""
    fresh = UNet2DModel.from_config(UNet2DModel.load_config(os.path.join(directory, "unet")))
    expected = {key: tuple(value.shape) for key, value in fresh.state_dict().items()}
    weights = load_file(os.path.join(directory, "unet", "diffusion_pytorch_model.safetensors"))
    found = {key: tuple(value.shape) for key, value in weights.items()}
    wrong = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    checks.check(f"{name}: names and shapes", not wrong, f"{len(found)} tensors" + (f", differing: {wrong[:8]}" if wrong else ""))


def largest_difference(ours, theirs):
    return (ours - theirs).abs().max().item()


def trajectory(model, scheduler, start, labels, steps):
    scheduler.set_timesteps(steps)
    x = start
    for t in scheduler.timesteps:
        x = scheduler.step(model(x, t, class_labels=labels).sample, t, x, eta=0.0).prev_sample
    return x


@torch.no_grad()
def check_case(checks, name, directory, answers, trajectorySteps):
    check_names(checks, name, directory)
    model, info = UNet2DModel.from_pretrained(directory, subfolder="unet", output_loading_info=True, low_cpu_mem_usage=False)
    loading = {key: list(value) for key, value in info.items() if value}
    checks.check(f"{name}: from_pretrained", not loading, f"nothing missing or left over" if not loading else str(loading))
    model.eval()
    a = load_file(answers)
    labels = a["labels"].long() if "labels" in a else None
    output = model(a["x"], a["times"].long(), class_labels=labels).sample
    difference = largest_difference(a["output"], output)
    scale = output.abs().max().item()
    checks.check(f"{name}: output", difference <= OUTPUT_TOLERANCE, f"largest difference {difference:.2e} (limit {OUTPUT_TOLERANCE:.0e}, largest value {scale:.2f})")
    scheduler = DDIMScheduler.from_pretrained(directory, subfolder="scheduler")
    end = trajectory(model, scheduler, a["start"], labels, trajectorySteps)
    difference = largest_difference(a["end"], end)
    checks.check(f"{name}: DDIM, {trajectorySteps} steps", difference <= TRAJECTORY_TOLERANCE, f"largest difference {difference:.2e} (limit {TRAJECTORY_TOLERANCE:.0e}, largest value {end.abs().max().item():.2f})")
    pipeline = DiffusionPipeline.from_pretrained(directory, low_cpu_mem_usage=False)
    checks.check(f"{name}: pipeline", isinstance(pipeline.unet, UNet2DModel), type(pipeline).__name__)


def attention_pool(x, w, heads):
    """AttentionPool2d of CLIP (clip/model.py), line by line."""
    x = x.flatten(start_dim=2).permute(2, 0, 1)
    x = torch.cat([x.mean(dim=0, keepdim=True), x], dim=0) + w["positional_embedding"][:, None, :]
    x, _ = F.multi_head_attention_forward(
        query=x[:1], key=x, value=x, embed_dim_to_check=x.shape[-1], num_heads=heads,
        q_proj_weight=w["q_proj.weight"], k_proj_weight=w["k_proj.weight"], v_proj_weight=w["v_proj.weight"],
        in_proj_weight=None, in_proj_bias=torch.cat([w["q_proj.bias"], w["k_proj.bias"], w["v_proj.bias"]]),
        bias_k=None, bias_v=None, add_zero_attn=False, dropout_p=0.0,
        out_proj_weight=w["c_proj.weight"], out_proj_bias=w["c_proj.bias"],
        use_separate_proj_weight=True, training=False, need_weights=False,
    )
    return x.squeeze(0)


@torch.no_grad()
def check_classifier(checks, name, encoder, classes, weights, answers):
    """The encoder of diffusers' U-Net, group normalisation and SiLU as in guided-diffusion, the pool of CLIP."""
    up = ["UpBlock2D"] * len(encoder["down_block_types"])
    unet = UNet2DModel(**encoder, out_channels=encoder["in_channels"], up_block_types=up).eval()
    w = load_file(weights)
    head = {key for key in w if key.startswith(("conv_norm_out.", "attnpool."))}
    missing, unexpected = unet.load_state_dict({key: value for key, value in w.items() if key not in head}, strict=False)
    wrong = [*unexpected, *(key for key in missing if not key.startswith(("up_blocks.", "conv_norm_out.", "conv_out.")))]
    checks.check(f"{name}: names and shapes", not wrong, f"{len(w)} tensors" + (f", differing: {wrong[:8]}" if wrong else ""))
    a = load_file(answers)
    embedding = unet.time_embedding(unet.time_proj(a["times"].long()).to(a["x"].dtype))
    hidden = unet.conv_in(a["x"])
    for block in unet.down_blocks:
        hidden, _ = block(hidden_states=hidden, temb=embedding)
    hidden = unet.mid_block(hidden, embedding)
    hidden = F.silu(F.group_norm(hidden, encoder["norm_num_groups"], w["conv_norm_out.weight"], w["conv_norm_out.bias"], encoder["norm_eps"]))
    pool = {key.removeprefix("attnpool."): value for key, value in w.items() if key.startswith("attnpool.")}
    logits = attention_pool(hidden, pool, hidden.shape[1] // encoder["attention_head_dim"])
    difference = largest_difference(a["logits"], logits)
    checks.check(f"{name}: logits", logits.shape[1] == classes and difference <= OUTPUT_TOLERANCE, f"largest difference {difference:.2e} (limit {OUTPUT_TOLERANCE:.0e}, largest value {logits.abs().max().item():.2f})")


def main():
    checks = Checks()
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    for case in cases:
        (check_classifier if "encoder" in case else check_case)(checks, **case)
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


main()
