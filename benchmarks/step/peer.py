"""peer.py OPTIONS: PyTorch's side of `npm run bench -- step`. Answers each line {"steps": N} on stdin by doing that many steps.

Training is what a careful user of PyTorch on a CPU writes: the U-Net of diffusers in channels_last, the fused Adam, gradients set to
None, averages by one foreach. The check of `npm run test:interop` trains with the same class.
"""

import contextlib
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import diffusers
import torch
import torch.nn.functional as F
from diffusers import DDIMPipeline, DDIMScheduler, UNet2DModel
from diffusers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()


def load_model(directory):
    model = UNet2DModel.from_pretrained(directory, subfolder="unet", low_cpu_mem_usage=False)
    return model.to(memory_format=torch.channels_last)


def load_scheduler(directory):
    return DDIMScheduler.from_pretrained(directory, subfolder="scheduler")


def autocast(precision):
    return torch.autocast("cpu", dtype=torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()


class Training:
    """Adam on the mean squared error of the predicted noise, and averages of the weights with the warm-up of diffusers' EMAModel."""

    def __init__(self, model, forward, scheduler, precision, learning_rate, ema):
        self.forward = forward
        self.precision = precision
        self.parameters = list(model.train().parameters())
        self.optimizer = torch.optim.Adam(self.parameters, lr=learning_rate, fused=True)
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        self.ema = ema
        self.updates = 0
        self.alpha = scheduler.alphas_cumprod.sqrt().view(-1, 1, 1, 1)
        self.sigma = (1 - scheduler.alphas_cumprod).sqrt().view(-1, 1, 1, 1)
        self.times = len(self.alpha)

    def step(self, x0, noise, t):
        x = self.alpha[t] * x0 + self.sigma[t] * noise
        with autocast(self.precision):
            predicted = self.forward(x, t, return_dict=False)[0]
        loss = F.mse_loss(predicted.float(), noise)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        decay = min(self.ema["maxDecay"], 1 - (1 + self.updates / self.ema["inverseGamma"]) ** -self.ema["power"])
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.parameters, 1 - decay)
        self.updates += 1
        return loss.item()


def training(model, forward, options):
    train = Training(model, forward, load_scheduler(options["directory"]), options["precision"], options["learningRate"], options["ema"])
    config = model.config
    shape = (8, options["batch"], config.in_channels, config.sample_size, config.sample_size)
    batches = [images.contiguous(memory_format=torch.channels_last) for images in 2 * torch.rand(shape) - 1]

    def step(index):
        x0 = batches[index % len(batches)]
        return train.step(x0, torch.randn_like(x0), torch.randint(train.times, (len(x0),)))

    return step


def sampling(model, forward, options):
    model.eval()
    pipeline = DDIMPipeline(unet=model, scheduler=load_scheduler(options["directory"]))
    pipeline.unet = forward
    pipeline.set_progress_bar_config(disable=True)

    def step(_):
        with torch.inference_mode(), autocast(options["precision"]):
            images = pipeline(batch_size=options["batch"], num_inference_steps=options["samplingSteps"], output_type="np").images
        return float(images.flat[0])

    return step


def main():
    options = json.loads(sys.argv[1])
    torch.set_num_threads(options["threads"])
    torch.manual_seed(0)
    model = load_model(options["directory"])
    forward = torch.compile(model) if options["peer"] == "torch-compile" else model
    step = {"train": training, "sample": sampling}[options["mode"]](model, forward, options)
    count = sum(parameter.numel() for parameter in model.parameters())
    answer = {"parameters": count, "about": f"PyTorch {torch.__version__}, diffusers {diffusers.__version__}"}
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        start, start_cpu = time.perf_counter(), time.process_time()
        last = None
        for index in range(steps):
            last = step(index)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - start_cpu
        print(json.dumps({"images": steps * options["batch"], "seconds": seconds, "cpuSeconds": cpu_seconds, "last": last}), flush=True)


if __name__ == "__main__":
    main()
