"""Schedulers of diffusers, each corrected in one place: what explains a difference has to remove it."""

import torch
import diffusers


class StepLength:
    """Stands for the number of steps n where a scheduler asks for T // n, the length of a step that it takes to be the same everywhere."""

    def __init__(self, length):
        self.length = length

    def __rfloordiv__(self, _):
        return self.length


def following(times, timestep):
    """The time of a grid that comes after this one; −1 after the last."""
    times = [int(t) for t in times]
    place = max(i for i, t in enumerate(times) if t == int(timestep))
    return times[place + 1] if place + 1 < len(times) else -1


class DdimOfItsGrid(diffusers.DDIMScheduler):
    """Each step ends where the next begins."""

    def step(self, model_output, timestep, sample, **options):
        self.num_inference_steps = StepLength(int(timestep) - following(self.timesteps, timestep))
        return super().step(model_output, int(timestep), sample, **options)


class DdimInverseOfEps(diffusers.DDIMInverseScheduler):
    """The answer of the network is read at the time that it was asked at."""

    def step(self, model_output, timestep, sample, **options):
        alpha, sigma = self.alphas_cumprod[timestep] ** 0.5, (1 - self.alphas_cumprod[timestep]) ** 0.5
        if self.config.prediction_type == "sample":
            eps = (sample - alpha * model_output) / sigma
        else:
            eps = alpha * model_output + sigma * sample
        as_it_was = self._internal_dict
        self._internal_dict = type(as_it_was)({**as_it_was, "prediction_type": "epsilon"})
        try:
            return super().step(eps, timestep, sample, **options)
        finally:
            self._internal_dict = as_it_was


class DdpmEndingClean(diffusers.DDPMScheduler):
    """No noise in the step to clean data."""

    def _get_variance(self, t, *args, **options):
        variance = super()._get_variance(t, *args, **options)
        return torch.zeros_like(variance) if int(self.previous_timestep(t)) < 0 else variance


class EulerAncestralFromNoSignal(diffusers.EulerAncestralDiscreteScheduler):
    """ᾱ at the last time is closer to 0, and σ_down, which is small then, is no difference of rounded squares."""

    def set_timesteps(self, *args, **options):
        self.alphas_cumprod[-1] = 2**-36
        super().set_timesteps(*args, **options)
        self.sigmas = self.sigmas.double()


class EulerChurnedFirst(diffusers.EulerDiscreteScheduler):
    """Noise is raised before the network is asked; `scale_model_input` is the place where that can be."""

    churn = {"s_churn": 2.0, "s_tmin": 0.05, "s_tmax": 50.0, "s_noise": 1.01}

    def scale_model_input(self, sample, timestep):
        self.is_scale_input_called = True
        if self.step_index is None:
            self._init_step_index(timestep)
        sigma = self.sigmas[self.step_index]
        within = self.churn["s_tmin"] <= sigma <= self.churn["s_tmax"]
        gamma = min(self.churn["s_churn"] / (len(self.sigmas) - 1), 2**0.5 - 1) if within else 0.0
        self.raised = sigma * (1 + gamma)
        noise = diffusers.schedulers.scheduling_euler_discrete.randn_tensor(sample.shape)
        self.noisy = sample + noise * self.churn["s_noise"] * (self.raised**2 - sigma**2) ** 0.5 if gamma > 0 else sample
        return self.noisy / (self.raised**2 + 1) ** 0.5

    def time_of(self, timestep):
        """The time that has the raised noise: ln ᾱ is linear between whole times."""
        logs = torch.log(self.alphas_cumprod.double())
        wanted = -torch.log1p(self.raised.double() ** 2)
        low = int((logs > wanted).sum()) - 1
        return low + float((wanted - logs[low]) / (logs[low + 1] - logs[low])) if self.raised > self.sigmas[self.step_index] else float(timestep)

    def step(self, model_output, timestep, sample, **_):
        x0 = self.noisy - self.raised * model_output
        after = self.noisy + (self.sigmas[self.step_index + 1] - self.raised) * (self.noisy - x0) / self.raised
        self._step_index += 1
        return diffusers.schedulers.scheduling_euler_discrete.EulerDiscreteSchedulerOutput(prev_sample=after)


class LmsFromTheMiddle(diffusers.LMSDiscreteScheduler):
    """The order is that of the values that exist."""

    def step(self, model_output, timestep, sample, order=4, **options):
        return super().step(model_output, timestep, sample, order=min(order, len(self.derivatives) + 1), **options)


class MultistepWithWholeCurve(diffusers.DPMSolverMultistepScheduler):
    """The second derivative of the parabola counts in full."""

    def multistep_dpm_solver_third_order_update(self, model_output_list, *args, sample=None, **options):
        given = super().multistep_dpm_solver_third_order_update(model_output_list, *args, sample=sample, **options)
        t, s0, s1, s2 = (self._sigma_to_alpha_sigma_t(self.sigmas[self.step_index + 1 - back]) for back in range(4))
        lambdas = [torch.log(alpha) - torch.log(sigma) for alpha, sigma in (t, s0, s1, s2)]
        m0, m1, m2 = model_output_list[-1], model_output_list[-2], model_output_list[-3]
        h, h0, h1 = (lambdas[i] - lambdas[i + 1] for i in range(3))
        half = ((m0 - m1) * h / h0 - (m1 - m2) * h / h1) * h / (h0 + h1)
        return given - t[0] * ((torch.exp(-h) - 1 + h) / h**2 - 0.5) * half


class PlmsOfItsGrid(diffusers.PNDMScheduler):
    """Each step ends where the next begins, wherever the grid is entered."""

    def entered(self, times):
        return torch.cat([times[:2], times[1:]])

    def step(self, model_output, timestep, sample, **options):
        time = int(timestep)
        if self.counter == 1:
            # Both ends of the first step again.
            length = self.first - time
        else:
            length = time - following(self.timesteps, time)
        if self.counter == 0:
            self.first = time
        self.num_inference_steps = StepLength(length)
        return super().step(model_output, time, sample, **options)


class PndmMeetingHalfway(diffusers.PNDMScheduler):
    """x is taken to the time halfway that the network is told: the longer half first."""

    def step(self, model_output, timestep, sample, **options):
        length = self.config.num_train_timesteps // self.steps
        longer_first = self.counter < len(self.prk_timesteps) and self.counter % 4 == 0
        self.num_inference_steps = StepLength(length + 1 if longer_first else length)
        return super().step(model_output, timestep, sample, **options)

    def set_timesteps(self, num_inference_steps, device=None):
        super().set_timesteps(num_inference_steps, device)
        self.steps = num_inference_steps


class PndmOfEps(diffusers.PNDMScheduler):
    """Each v is read where and when it was asked for."""

    def step(self, model_output, timestep, sample, **options):
        alpha, sigma = self.alphas_cumprod[timestep] ** 0.5, (1 - self.alphas_cumprod[timestep]) ** 0.5
        as_it_was = self._internal_dict
        self._internal_dict = type(as_it_was)({**as_it_was, "prediction_type": "epsilon"})
        try:
            return super().step(alpha * model_output + sigma * sample, timestep, sample, **options)
        finally:
            self._internal_dict = as_it_was


class UniPcToClean(diffusers.UniPCMultistepScheduler):
    """A step to clean data ends in x̂₀."""

    def multistep_uni_p_bh_update(self, model_output, *args, **options):
        if self.sigmas[self.step_index + 1] == 0:
            return self.model_outputs[-1]
        return super().multistep_uni_p_bh_update(model_output, *args, **options)
