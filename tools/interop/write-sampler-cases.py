"""write-sampler-cases.py OUT: samples with diffusers' own schedulers, and writes the way that each takes: OUT/cases.json and a file of tensors a case.

The network is a function of x and t, the same in check-samplers.mjs. x is told as α·x₀ + σ·ε at every step, whatever a scheduler counts in.
"""

import itertools
import json
import math
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
import diffusers
from diffusers.utils import logging
from safetensors.torch import save_file

from sampler_corrections import DdimInverseOfEps, DdimOfItsGrid, DdpmEndingClean, EulerAncestralFromNoSignal, EulerChurnedFirst, LmsFromTheMiddle, MultistepWithWholeCurve, PlmsOfItsGrid, PndmMeetingHalfway, PndmOfEps, UniPcToClean

logging.set_verbosity_error()

SHAPE = (2, 2, 3, 3)
TYPES = ["epsilon", "sample", "v_prediction"]
SPACINGS = ["leading", "trailing", "linspace"]


class Network:
    """What a trained network may be: x̂₀ = 2·tanh(g(t)·x + b), told as one of the predictions. ln ᾱ is linear between whole times."""

    def __init__(self, alphas_cumprod, prediction_type):
        with np.errstate(divide="ignore"):
            self.logs = np.log(alphas_cumprod.double().numpy())
        self.prediction_type = prediction_type
        self.bias = torch.linspace(-0.4, 0.4, math.prod(SHAPE[1:]), dtype=torch.float64).reshape(1, *SHAPE[1:])

    def coefficients(self, t):
        low = math.floor(t)
        log = self.logs[low] if t == low else self.logs[low] + (t - low) * (self.logs[low + 1] - self.logs[low])
        return math.exp(log / 2), math.sqrt(-math.expm1(log))

    def __call__(self, x, t):
        t = float(t)
        alpha, sigma = self.coefficients(t)
        x = x.double()
        x0 = 2 * torch.tanh((0.3 + 0.2 * math.exp(-t / 200)) * x + self.bias)
        eps = (x - alpha * x0) / sigma
        return {"epsilon": eps, "sample": x0, "v_prediction": alpha * eps - sigma * x0}[self.prediction_type].float()


class Noise:
    """Takes the place of randn_tensor in the module of a scheduler: the noise of the step under way."""

    def __init__(self, steps):
        generator = torch.Generator().manual_seed(3)
        self.all = torch.randn(steps, *SHAPE, generator=generator)
        self.step = 0

    def __call__(self, *_, **__):
        return self.all[self.step]


def in_sigmas(scheduler):
    return isinstance(scheduler, (diffusers.EulerDiscreteScheduler, diffusers.EulerAncestralDiscreteScheduler, diffusers.HeunDiscreteScheduler, diffusers.LMSDiscreteScheduler))


def times_from(scheduler, begin):
    """The times of a scheduler's calls from the step `begin` on."""
    if isinstance(scheduler, diffusers.HeunDiscreteScheduler):
        return scheduler.timesteps[2 * begin :]
    if begin and isinstance(scheduler, diffusers.PNDMScheduler):
        # Its second time comes twice at the beginning.
        times = scheduler.timesteps[begin + 1 :]
        return scheduler.entered(times) if hasattr(scheduler, "entered") else times
    return scheduler.timesteps[begin:]


def run(scheduler, network, start, noise, begin=0, **options):
    """x in α·x₀ + σ·ε after each step of the grid, from α·x₀ + σ·ε at the step `begin`."""
    for name in {base.__module__ for base in type(scheduler).__mro__ if base.__module__.startswith("diffusers.schedulers")}:
        if hasattr(sys.modules[name], "randn_tensor"):
            sys.modules[name].randn_tensor = noise
    sigma_space = in_sigmas(scheduler)
    per_step = 2 if isinstance(scheduler, diffusers.HeunDiscreteScheduler) else 1
    if begin and hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin * per_step)
    scale = lambda index: (scheduler.sigmas[index].double() ** 2 + 1).sqrt() if sigma_space else 1.0
    x = (start.double() * scale(begin * per_step)).float()
    path = []
    times = times_from(scheduler, begin)
    for index, t in enumerate(times):
        noise.step = index // per_step
        x_in = scheduler.scale_model_input(x, t)
        told = scheduler.time_of(t) if isinstance(scheduler, EulerChurnedFirst) else t
        x = scheduler.step(network(x_in, told), t, x, **options).prev_sample
        # Heun's method and PNDM take several calls for a step, Heun's one for the last.
        if isinstance(scheduler, diffusers.HeunDiscreteScheduler) and not scheduler.state_in_first_order and index + 1 < len(times):
            continue
        if isinstance(scheduler, diffusers.PNDMScheduler):
            runge_kutta = len(scheduler.prk_timesteps) > 0
            if runge_kutta and index < 12 and index % 4 != 3 or not runge_kutta and index == 0:
                continue
        path.append((x.double() / scale(scheduler.step_index if sigma_space else 0)).float())
    return torch.stack(path)


def grid_of(scheduler, begin):
    """The times at which steps begin, and σ/α there and at the last end, where the scheduler counts in it."""
    heun = isinstance(scheduler, diffusers.HeunDiscreteScheduler)
    times = [float(t) for t in times_from(scheduler, begin)]
    ratios = getattr(scheduler, "sigmas", None)
    if ratios is None:
        return {"times": times, "ratios": None}
    ratios = torch.cat([ratios[:1], ratios[1:-1:2], ratios[-1:]]) if heun else ratios
    return {"times": times[:1] + times[1::2] if heun else times, "ratios": [float(ratio) for ratio in ratios[begin:]]}


class Cases:
    def __init__(self, out):
        self.out = out
        self.cases = []

    def add(self, name, scheduler, n, sampler, grid, *, begin=0, options=None, given=None, clip=None, expect="agrees", reason=None, start=None):
        """Runs a scheduler with n steps. `sampler` and `given` are ours, `grid` says how ours makes its grid, `options` are those of step()."""
        scheduler.set_timesteps(n)
        network = Network(scheduler.alphas_cumprod, scheduler.config.prediction_type)
        noise = Noise(n + 2)
        if start is None:
            generator = torch.Generator().manual_seed(1)
            start = torch.randn(*SHAPE, generator=generator)
            if begin:
                t = grid_of(scheduler, begin)["times"][0]
                alpha, sigma = network.coefficients(t)
                start = (alpha * torch.linspace(-1, 1, math.prod(SHAPE)).reshape(SHAPE).double() + sigma * start.double()).float()
        path = run(scheduler, network, start, noise, begin, **(options or {}))
        config = scheduler.config
        process = {
            "num_train_timesteps": config.num_train_timesteps,
            "beta_start": config.beta_start,
            "beta_end": config.beta_end,
            "beta_schedule": config.beta_schedule,
            "rescale_betas_zero_snr": bool(config.get("rescale_betas_zero_snr", False)),
        }
        self.write(
            {"start": start, "path": path, "noise": noise.all, "bias": network.bias.float()},
            name=name,
            sampler=sampler,
            given=given or {},
            grid={**grid, "n": n, "begin": begin},
            process=process,
            predictionType=config.prediction_type,
            clip=clip,
            theirs=grid_of(scheduler, begin),
            expect=expect,
            reason=reason,
        )

    def write(self, tensors, **case):
        file = os.path.join(self.out, f"case-{len(self.cases)}.safetensors")
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file)
        self.cases.append({**case, "file": file})

    def pair(self, name, wrong, right, n, *args, reason, **kwargs):
        """What diffusers does, which differs, and the same corrected in one place, which agrees: the reason is the whole difference."""
        options = kwargs.pop("right_options", kwargs.get("options"))
        self.add(name, wrong, n, *args, expect="differs", reason=reason, **kwargs)
        self.add(f"{name}, corrected", right, n, *args, **{**kwargs, "options": options})


def timesteps(spacing, offset=0, last=-1, more=0):
    """timestepGrid(n + more, spacing), of which the first n, ending at `last`."""
    return {"kind": "timesteps", "spacing": spacing, "offset": offset, "last": last, "more": more}


def noises(kind, told="ours", ends=True):
    """karrasGrid or exponentialGrid over all noises of the process; the network is told our time of each, or theirs, which they round or cut."""
    return {"kind": kind, "told": told, "endsClean": ends}


def add_ddim(cases):
    for kind, spacing, to_one in itertools.product(TYPES, ["leading", "trailing"], [True, False]):
        base = {"prediction_type": kind, "timestep_spacing": spacing, "set_alpha_to_one": to_one, "clip_sample": False}
        cases.add(f"DDIM, {kind}, {spacing}, set_alpha_to_one {to_one}", diffusers.DDIMScheduler(**base), 10, "ddim", timesteps(spacing, last=-1 if to_one else 0))
    for kind, eta in itertools.product(TYPES, [0.3, 1.0]):
        cases.add(f"DDIM, {kind}, η {eta}", diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False), 10, "ddim", timesteps("leading"), options={"eta": eta}, given={"eta": eta})
    for kind, to_one in itertools.product(TYPES, [True, False]):
        scheduler = diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False, steps_offset=1, set_alpha_to_one=to_one)
        cases.add(f"DDIM, {kind}, steps_offset 1, set_alpha_to_one {to_one}", scheduler, 10, "ddim", timesteps("leading", offset=1, last=-1 if to_one else 0))
    for kind in ["sample", "v_prediction"]:
        scheduler = diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False, rescale_betas_zero_snr=True, timestep_spacing="trailing")
        cases.add(f"DDIM, {kind}, rescale_betas_zero_snr", scheduler, 10, "ddim", timesteps("trailing"))
    for kind in TYPES:
        options = {"use_clipped_model_output": True}
        cases.add(f"DDIM, {kind}, clip_sample 0.8", diffusers.DDIMScheduler(prediction_type=kind, clip_sample_range=0.8), 10, "ddim", timesteps("leading"), options=options, clip={"static": 0.8})
        scheduler = diffusers.DDIMScheduler(prediction_type=kind, thresholding=True, dynamic_thresholding_ratio=0.9, sample_max_value=3.0)
        cases.add(f"DDIM, {kind}, thresholding", scheduler, 10, "ddim", timesteps("leading"), options=options, clip={"ratio": 0.9, "sampleMaxValue": 3})
        cases.add(f"DDIM, {kind}, entered in its middle", diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False), 20, "ddim", timesteps("leading"), begin=12)
        cases.add(f"DDIM, {kind}, cosine", diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False, beta_schedule="squaredcos_cap_v2"), 10, "ddim", timesteps("leading"))
        cases.add(f"DDIM, {kind}, scaled_linear", diffusers.DDIMScheduler(prediction_type=kind, clip_sample=False, beta_schedule="scaled_linear", timestep_spacing="trailing"), 10, "ddim", timesteps("trailing"))
    reason = "diffusers' step ends at t − T/n, whichever time comes next"
    for kind in TYPES:
        base = {"prediction_type": kind, "clip_sample": False, "timestep_spacing": "linspace"}
        cases.pair(f"DDIM, {kind}, linspace", diffusers.DDIMScheduler(**base), DdimOfItsGrid(**base), 10, "ddim", timesteps("linspace"), reason=reason)
    base = {"clip_sample": False, "timestep_spacing": "trailing"}
    cases.pair("DDIM, epsilon, trailing, 7 steps", diffusers.DDIMScheduler(**base), DdimOfItsGrid(**base), 7, "ddim", timesteps("trailing"), reason=reason)
    cases.pair(
        "DDIM, epsilon, clip_sample 0.8, use_clipped_model_output False",
        diffusers.DDIMScheduler(clip_sample_range=0.8),
        diffusers.DDIMScheduler(clip_sample_range=0.8),
        10,
        "ddim",
        timesteps("leading"),
        clip={"static": 0.8},
        right_options={"use_clipped_model_output": True},
        reason="x̂₀ is clipped and ε̂ is not, so that α·x̂₀ + σ·ε̂ is another x than the network saw",
    )


def add_inversion(cases):
    start = (torch.linspace(-1, 1, math.prod(SHAPE)).reshape(SHAPE)).clone()
    for spacing in ["leading", "trailing"]:
        scheduler = diffusers.DDIMInverseScheduler(clip_sample=False, timestep_spacing=spacing)
        cases.add(f"DDIM inversion, epsilon, {spacing}", scheduler, 10, "ddimInversion", timesteps(spacing), start=start)
    scheduler = diffusers.DDIMInverseScheduler(clip_sample=False, set_alpha_to_one=False, steps_offset=1)
    cases.add("DDIM inversion, epsilon, steps_offset 1, set_alpha_to_one False", scheduler, 10, "ddimInversion", timesteps("leading", offset=1, last=0), start=start)
    reason = "the network is asked at the time that the step leads to, and its answer read with α and σ of the time that the step comes from"
    for kind in ["v_prediction", "sample"]:
        base = {"clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1, "prediction_type": kind}
        cases.pair(f"DDIM inversion, {kind}", diffusers.DDIMInverseScheduler(**base), DdimInverseOfEps(**base), 10, "ddimInversion", timesteps("leading", offset=1, last=0), start=start, reason=reason)


def add_ddpm(cases):
    for kind, spacing, variance in itertools.product(TYPES, SPACINGS, ["fixed_small", "fixed_large"]):
        if (spacing, variance) == ("trailing", "fixed_large"):
            continue
        scheduler = diffusers.DDPMScheduler(prediction_type=kind, timestep_spacing=spacing, variance_type=variance, clip_sample=False)
        cases.add(f"DDPM, {kind}, {spacing}, {variance}", scheduler, 10, "ddpmAncestral", timesteps(spacing), given={"varianceType": variance})
    for kind in TYPES:
        cases.add(f"DDPM, {kind}, clip_sample", diffusers.DDPMScheduler(prediction_type=kind), 10, "ddpmAncestral", timesteps("leading"), clip={"static": 1})
        scheduler = diffusers.DDPMScheduler(prediction_type=kind, thresholding=True, sample_max_value=2.0, dynamic_thresholding_ratio=0.9)
        cases.add(f"DDPM, {kind}, thresholding", scheduler, 10, "ddpmAncestral", timesteps("leading"), clip={"ratio": 0.9, "sampleMaxValue": 2})
        cases.add(f"DDPM, {kind}, steps_offset 1", diffusers.DDPMScheduler(prediction_type=kind, clip_sample=False, steps_offset=1), 10, "ddpmAncestral", timesteps("leading", offset=1))
        cases.add(f"DDPM, {kind}, entered in its middle", diffusers.DDPMScheduler(prediction_type=kind, clip_sample=False), 20, "ddpmAncestral", timesteps("leading"), begin=12)
    for kind in ["sample", "v_prediction"]:
        scheduler = diffusers.DDPMScheduler(prediction_type=kind, clip_sample=False, rescale_betas_zero_snr=True, timestep_spacing="trailing")
        cases.add(f"DDPM, {kind}, rescale_betas_zero_snr", scheduler, 10, "ddpmAncestral", timesteps("trailing"))


    base = {"timestep_spacing": "trailing", "variance_type": "fixed_large", "clip_sample": False}
    reason = "the last step, to clean data, adds noise of variance β unless its time is 0"
    for kind in TYPES:
        options = {"prediction_type": kind, **base}
        cases.pair(f"DDPM, {kind}, trailing, fixed_large", diffusers.DDPMScheduler(**options), DdpmEndingClean(**options), 10, "ddpmAncestral", timesteps("trailing"), given={"varianceType": "fixed_large"}, reason=reason)


def sigma_grids(kind, spacing_only=()):
    """How each option of the samplers that count in σ makes its grid, and ours makes the same."""
    yield from ((f"{kind}, {spacing}", {"timestep_spacing": spacing}, timesteps("exactLinspace" if spacing == "linspace" else spacing)) for spacing in SPACINGS)
    yield (f"{kind}, steps_offset 1", {"timestep_spacing": "leading", "steps_offset": 1}, timesteps("leading", offset=1))
    if not spacing_only:
        yield (f"{kind}, Karras σ", {"use_karras_sigmas": True}, noises("karras"))
        yield (f"{kind}, exponential σ", {"use_exponential_sigmas": True}, noises("exponential"))


def add_sigma_samplers(cases):
    for kind in TYPES:
        for label, options, grid in sigma_grids(kind):
            cases.add(f"Euler, {label}", diffusers.EulerDiscreteScheduler(prediction_type=kind, **options), 10, "euler", grid)
            cases.add(f"Heun, {label}", diffusers.HeunDiscreteScheduler(prediction_type=kind, **options), 10, "heun", grid)
            cases.add(f"LMS, {label}", diffusers.LMSDiscreteScheduler(prediction_type=kind, **options), 10, "lms", grid)
        for order in [1, 2, 3]:
            cases.add(f"LMS, {kind}, order {order}", diffusers.LMSDiscreteScheduler(prediction_type=kind, timestep_spacing="trailing"), 10, "lms", timesteps("trailing"), options={"order": order}, given={"order": order})
        for name, scheduler in [("Euler", diffusers.EulerDiscreteScheduler), ("Heun", diffusers.HeunDiscreteScheduler)]:
            cases.add(f"{name}, {kind}, entered in its middle", scheduler(prediction_type=kind, timestep_spacing="trailing"), 20, name.lower(), timesteps("trailing"), begin=12)
        cases.add(f"Heun, {kind}, clip_sample 0.8", diffusers.HeunDiscreteScheduler(prediction_type=kind, timestep_spacing="trailing", clip_sample=True, clip_sample_range=0.8), 10, "heun", timesteps("trailing"), clip={"static": 0.8})
    for kind in ["sample", "v_prediction"]:
        scheduler = diffusers.EulerDiscreteScheduler(prediction_type=kind, rescale_betas_zero_snr=True, timestep_spacing="trailing")
        cases.add(f"Euler, {kind}, rescale_betas_zero_snr", scheduler, 10, "euler", timesteps("trailing"))
    for kind in ["epsilon", "v_prediction"]:
        for label, options, grid in sigma_grids(kind, spacing_only=True):
            cases.add(f"Euler ancestral, {label}", diffusers.EulerAncestralDiscreteScheduler(prediction_type=kind, **options), 10, "eulerAncestral", grid)
        cases.add(f"Euler ancestral, {kind}, entered in its middle", diffusers.EulerAncestralDiscreteScheduler(prediction_type=kind, timestep_spacing="trailing"), 20, "eulerAncestral", timesteps("trailing"), begin=12)
    base = {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    cases.pair(
        "Euler ancestral, v_prediction, rescale_betas_zero_snr",
        diffusers.EulerAncestralDiscreteScheduler(**base),
        EulerAncestralFromNoSignal(**base),
        10,
        "eulerAncestral",
        timesteps("trailing"),
        reason="2⁻²⁴ stands for ᾱ = 0, which is not small beside ᾱ where the first step ends",
    )
    # The noise is raised at places where the schedule has room for it.
    churn = {"s_churn": 2.0, "s_tmin": 0.05, "s_tmax": 50.0, "s_noise": 1.01}
    base = {"use_karras_sigmas": True}
    cases.pair(
        "Euler, epsilon, churn",
        diffusers.EulerDiscreteScheduler(**base),
        EulerChurnedFirst(**base),
        10,
        "euler",
        noises("karras"),
        options=churn,
        given={"churn": {"strength": 2, "sigmaMin": 0.05, "sigmaMax": 50, "noiseScale": 1.01}},
        reason="the network is asked of x before its noise is raised, and its answer used after (Karras et al. 2022, algorithm 2, asks after)",
    )
    cases.pair(
        "LMS, epsilon, entered in its middle",
        diffusers.LMSDiscreteScheduler(timestep_spacing="trailing"),
        LmsFromTheMiddle(timestep_spacing="trailing"),
        20,
        "lms",
        timesteps("trailing"),
        begin=12,
        reason="the order is that of the place in the grid, though no values of before exist: their weights are dropped",
    )


def add_pndm(cases):
    for spacing, to_one, (name, skip) in itertools.product(["leading", "trailing"], [True, False], [("PNDM", False), ("PLMS", True)]):
        options = {"timestep_spacing": spacing, "set_alpha_to_one": to_one, "skip_prk_steps": skip}
        given = {"start": "heun"} if skip else {}
        grid = timesteps(spacing, last=-1 if to_one else 0)
        cases.add(f"{name}, epsilon, {spacing}, set_alpha_to_one {to_one}", diffusers.PNDMScheduler(**options), 10, "pndm", grid, given=given)
        options["prediction_type"] = "v_prediction"
        reason = "v of several times and places are added up, and the sum read as if it were of one"
        cases.pair(f"{name}, v_prediction, {spacing}, set_alpha_to_one {to_one}", diffusers.PNDMScheduler(**options), PndmOfEps(**options), 10, "pndm", grid, given=given, reason=reason)
    scheduler = diffusers.PNDMScheduler(steps_offset=1, skip_prk_steps=True)
    cases.add("PLMS, epsilon, steps_offset 1", scheduler, 10, "pndm", timesteps("leading", offset=1, last=0), given={"start": "heun"})
    base = {"timestep_spacing": "linspace", "skip_prk_steps": True, "set_alpha_to_one": True}
    cases.pair("PLMS, epsilon, linspace", diffusers.PNDMScheduler(**base), PlmsOfItsGrid(**base), 10, "pndm", timesteps("linspace"), given={"start": "heun"}, reason="diffusers' step ends at t − T/n, whichever time comes next")
    base = {"set_alpha_to_one": True, "num_train_timesteps": 60, "beta_start": 0.002, "beta_end": 0.3}
    cases.pair("PNDM, epsilon, leading, steps of 5", diffusers.PNDMScheduler(**base), PndmMeetingHalfway(**base), 12, "pndm", timesteps("leading"), reason="with steps of odd length x is taken to a time halfway that is one later than the time that the network is told")
    base = {"skip_prk_steps": True, "set_alpha_to_one": True}
    cases.pair("PLMS, epsilon, entered in its middle", diffusers.PNDMScheduler(**base), PlmsOfItsGrid(**base), 20, "pndm", timesteps("leading"), begin=12, given={"start": "heun"}, reason="the second time comes twice only at the beginning of the grid; entered later, every step begins one time too late")


def dpm_grids(kind, family):
    """As sigma_grids, for schedulers that tell the network whole times: their spacings are those of n + 1 steps, without the last."""
    final = 0 if family == "deis" else -1
    for spacing in SPACINGS:
        yield (f"{kind}, {spacing}", {"timestep_spacing": spacing}, timesteps(spacing, more=0 if spacing == "trailing" else 1, last=final))
    yield (f"{kind}, steps_offset 1", {"timestep_spacing": "leading", "steps_offset": 1}, timesteps("leading", offset=1, more=1, last=final))
    ends = family != "deis"
    yield (f"{kind}, Karras σ", {"use_karras_sigmas": True}, noises("karras", "theirs", ends))
    yield (f"{kind}, exponential σ", {"use_exponential_sigmas": True}, noises("exponential", "theirs", ends))


def add_dpm(cases):
    multistep, single, unipc, deis = diffusers.DPMSolverMultistepScheduler, diffusers.DPMSolverSinglestepScheduler, diffusers.UniPCMultistepScheduler, diffusers.DEISMultistepScheduler
    for kind in TYPES:
        for label, options, grid in dpm_grids(kind, "dpm"):
            cases.add(f"DPM-Solver++(2M), {label}", multistep(prediction_type=kind, **options), 15, "dpmSolverPp2M", grid)
            cases.add(f"SDE-DPM-Solver++(2M), {label}", multistep(prediction_type=kind, algorithm_type="sde-dpmsolver++", **options), 15, "sdeDpmSolverPp2M", grid)
            cases.add(f"UniPC-2, {label}", unipc(prediction_type=kind, **options), 15, "uniPc", grid)
            cases.add(f"DPM-Solver++(3M), {label}, corrected", MultistepWithWholeCurve(prediction_type=kind, solver_order=3, **options), 15, "dpmSolverPp3M", grid)
        for label, options, grid in dpm_grids(kind, "deis"):
            for order in [2, 3]:
                cases.add(f"DEIS, order {order}, {label}", deis(prediction_type=kind, solver_order=order, **options), 15, "deis", grid, given={"order": order})
        cases.add(f"DPM-Solver++(2M), {kind}, uniform in λ", multistep(prediction_type=kind, use_lu_lambdas=True), 15, "dpmSolverPp2M", noises("exponential", "theirs"))
        for order in [1, 2, 3]:
            options = {"prediction_type": kind, "solver_order": order, "timestep_spacing": "trailing"}
            cases.add(f"UniPC-{order}, bh2, {kind}", unipc(**options), 15, "uniPc", timesteps("trailing"), given={"order": order})
            options["solver_type"] = "bh1"
            reason = "the last step, to clean data, gives NaN: B(h) = h is infinite there, and 0 times that is added"
            cases.pair(f"UniPC-{order}, bh1, {kind}", unipc(**options), UniPcToClean(**options), 15, "uniPc", timesteps("trailing"), given={"order": order, "variant": "bh1"}, reason=reason)
        for order in [1, 2, 3]:
            for label, options, grid in [
                ("linspace", {}, timesteps("linspace", more=1)),
                ("Karras σ", {"use_karras_sigmas": True}, noises("karras", "theirs")),
                ("exponential σ", {"use_exponential_sigmas": True}, noises("exponential", "theirs")),
            ]:
                cases.add(f"DPM-Solver++ singlestep, order {order}, {kind}, {label}", single(prediction_type=kind, solver_order=order, **options), 15, "dpmSolverPpSinglestep", grid, given={"order": order})
            scheduler = single(prediction_type=kind, solver_order=order, algorithm_type="dpmsolver", final_sigmas_type="sigma_min", lower_order_final=False)
            cases.add(f"DPM-Solver, order {order}, {kind}", scheduler, 18, "dpmSolver", timesteps("linspace", more=1, last=0), given={"order": order})
        threshold = {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 3.0, "timestep_spacing": "trailing"}
        clip = {"ratio": 0.9, "sampleMaxValue": 3}
        for name, scheduler, sampler in [("DPM-Solver++(2M)", multistep, "dpmSolverPp2M"), ("UniPC-2", unipc, "uniPc")]:
            cases.add(f"{name}, {kind}, thresholding", scheduler(prediction_type=kind, **threshold), 15, sampler, timesteps("trailing"), clip=clip)
            cases.add(f"{name}, {kind}, entered in its middle", scheduler(prediction_type=kind, timestep_spacing="trailing"), 20, sampler, timesteps("trailing"), begin=12)
        cases.add(f"DEIS, {kind}, thresholding", deis(prediction_type=kind, **threshold), 15, "deis", timesteps("trailing", last=0), clip=clip, given={"order": 2})
        cases.add(f"DEIS, {kind}, entered in its middle", deis(prediction_type=kind, timestep_spacing="trailing"), 20, "deis", timesteps("trailing", last=0), begin=3, given={"order": 2})
        cases.add(f"DPM-Solver++ singlestep, {kind}, entered in its middle", single(prediction_type=kind, solver_order=3), 18, "dpmSolverPpSinglestep", timesteps("linspace", more=1), begin=9)
    for kind in ["sample", "v_prediction"]:
        for name, scheduler, sampler in [("DPM-Solver++(2M)", multistep, "dpmSolverPp2M"), ("UniPC-2", unipc, "uniPc")]:
            zero = scheduler(prediction_type=kind, rescale_betas_zero_snr=True, timestep_spacing="trailing")
            cases.add(f"{name}, {kind}, rescale_betas_zero_snr", zero, 15, sampler, timesteps("trailing"))
    base = {"solver_order": 3, "timestep_spacing": "trailing"}
    cases.pair("DPM-Solver++(3M), epsilon", multistep(**base), MultistepWithWholeCurve(**base), 15, "dpmSolverPp3M", timesteps("trailing"), reason="half of the second derivative is taken, which leaves a method of second order")


def predictor_corrector(start, noise, n, sigma_min, sigma_max, corrections):
    """x after each predictor, and the last without its noise, as diffusers' pipeline for NCSN++ goes."""
    scheduler = diffusers.ScoreSdeVeScheduler(num_train_timesteps=n, sigma_min=sigma_min, sigma_max=sigma_max, snr=0.15)
    scheduler.set_timesteps(n)
    scheduler.set_sigmas(n)
    draws = iter(noise)
    sys.modules[type(scheduler).__module__].randn_tensor = lambda *_, **__: next(draws)[: len(start)]
    bias = Network(torch.ones(1), "sample").bias
    score = lambda x, sigma: ((2 * torch.tanh(0.5 * x.double() / math.sqrt(1 + sigma**2) + bias) - x.double()) / sigma**2).float()
    x, path = start, []
    for sigma, t in zip(scheduler.sigmas, scheduler.timesteps):
        for _ in range(corrections):
            x = scheduler.step_correct(score(x, float(sigma)), x).prev_sample
        predicted = scheduler.step_pred(score(x, float(sigma)), t, x)
        x = predicted.prev_sample
        path.append(x)
    return torch.stack([*path[:-1], predicted.prev_sample_mean]), bias.float()


def add_predictor_corrector(cases):
    for batch, corrections, together in [(1, 1, True), (1, 3, True), (2, 1, True), (2, 1, False)]:
        n, sigma_min, sigma_max = 20, 0.01, 50.0
        noise = Noise(n * (corrections + 1)).all[:, :batch]
        start = sigma_max * torch.randn(batch, *SHAPE[1:], generator=torch.Generator().manual_seed(1))
        parts = [slice(None)] if together else [slice(i, i + 1) for i in range(batch)]
        runs = [predictor_corrector(start[part], noise[:, part], n, sigma_min, sigma_max, corrections) for part in parts]
        differs = together and batch > 1
        cases.write(
            {"start": start, "path": torch.cat([path for path, _ in runs], dim=1), "noise": noise, "bias": runs[0][1]},
            name=f"predictor–corrector, {corrections} corrections, {batch} at once" + ("" if together else ", corrected"),
            sampler="predictorCorrector",
            given={"correctorSteps": corrections, "snr": 0.15},
            grid={"kind": "ve", "n": n, "sigmaMin": sigma_min, "sigmaMax": sigma_max},
            clip=None,
            expect="differs" if differs else "agrees",
            reason="the corrector's step is that of the mean length over the batch, so that samples depend on which others are drawn with them" if differs else None,
        )


def add_two_kept_apart(cases):
    """The same sampler on too few steps: diffusers lowers the order of the last but one below 15 steps, ours does not."""
    base = {"solver_order": 3, "timestep_spacing": "trailing"}
    cases.pair(
        "DPM-Solver++(3M), epsilon, 10 steps",
        MultistepWithWholeCurve(**base),
        MultistepWithWholeCurve(lower_order_final=False, **base),
        10,
        "dpmSolverPp3M",
        timesteps("trailing"),
        reason="below 15 steps `lower_order_final` lowers the order of the last step but one too; no step of ours depends on how many there are",
    )


def main():
    cases = Cases(sys.argv[1])
    for add in [add_ddim, add_inversion, add_ddpm, add_sigma_samplers, add_pndm, add_dpm, add_predictor_corrector, add_two_kept_apart]:
        add(cases)
    with open(os.path.join(cases.out, "cases.json"), "w", encoding="utf-8") as file:
        json.dump({"diffusers": diffusers.__version__, "cases": cases.cases}, file)
    print(f"diffusers {diffusers.__version__} has taken {len(cases.cases)} ways.")


main()
