"""check-training.py TRAINING: the U-Net of `npm run bench -- step`, from the same weights, on the same data and noise, in PyTorch and in Langevin.

Prints one line a check and the count last. PyTorch's side is the very class that the benchmark measures.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "benchmarks", "step"))

import torch
from safetensors.torch import load_file

from peer import Training, load_model, load_scheduler

OUTPUT_TOLERANCE = 1e-4
DRAWN_TOLERANCE = 1e-3
LOSS_TOLERANCE = 1e-3


def images(tensor):
    """[…, H, W, C] as PyTorch has images, without moving a number."""
    return tensor.movedim(-1, -3)


@torch.no_grad()
def output_difference(model, a):
    return (model(images(a["x"]), a["times"].long()).sample - images(a["output"])).abs().max().item()


@torch.no_grad()
def drawn_difference(model, scheduler, a, steps):
    scheduler.set_timesteps(steps)
    x = images(a["start"])
    for t in scheduler.timesteps:
        x = scheduler.step(model(x, t).sample, t, x, eta=0.0).prev_sample
    return (x - images(a["drawn"])).abs().max().item()


def loss_difference(model, scheduler, a, learning_rate, ema):
    """The largest relative difference over the steps, and the first and last loss."""
    training = Training(model, model, scheduler, "fp32", learning_rate, ema)
    losses = [training.step(*step) for step in zip(images(a["x0"]), images(a["noise"]), a["t"].long())]
    ours = a["losses"].tolist()
    return max(abs(o - t) / t for o, t in zip(ours, losses, strict=True)), ours[0], ours[-1]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    a = load_file(case["answers"])
    model, scheduler = load_model(case["directory"]).eval(), load_scheduler(case["directory"])
    output = output_difference(model, a)
    drawn = drawn_difference(model, scheduler, a, case["samplingSteps"])
    loss, first, last = loss_difference(model, scheduler, a, case["learningRate"], case["ema"])
    steps = len(a["losses"])
    checks = [
        ("output of the compiled network", output <= OUTPUT_TOLERANCE, f"largest difference {output:.2e} (limit {OUTPUT_TOLERANCE:.0e})"),
        (f"drawn in {case['samplingSteps']} compiled steps of DDIM", drawn <= DRAWN_TOLERANCE, f"largest difference {drawn:.2e} (limit {DRAWN_TOLERANCE:.0e})"),
        (f"losses of {steps} compiled training steps", loss <= LOSS_TOLERANCE, f"largest relative difference {loss:.2e} (limit {LOSS_TOLERANCE:.0e}), from {first:.4f} to {last:.4f}"),
    ]
    for what, ok, detail in checks:
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {detail}")
    failed = sum(not ok for _, ok, _ in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
