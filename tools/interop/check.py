"""check.py CASES: loads each case with diffusers and compares. Prints one line a check and the count last."""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
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


def main():
    checks = Checks()
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    for case in cases:
        check_case(checks, **case)
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


main()
