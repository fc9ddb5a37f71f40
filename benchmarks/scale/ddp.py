"""ddp.py OPTIONS: PyTorch's side of `npm run bench -- scale`: DistributedDataParallel over Gloo. Answers each line {"steps": N} on stdin.

Rank 0 starts the other ranks, each with the same share of the batch; they wait for it, without computing, between rounds. What
each rank does in a step is what peer.py does, with the gradients averaged by DDP, which overlaps that with the backward pass.
"""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "step"))

import peer
import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

# Rounds of the other side lie between two orders.
patience = datetime.timedelta(hours=2)


def open_training(options, rank):
    torch.manual_seed(rank)
    model = peer.load_model(options["directory"])
    forward = DistributedDataParallel(model, gradient_as_bucket_view=True)
    return model, peer.training(model, forward, options)


def run(step, steps):
    """Does the steps that rank 0 orders; returns the last loss, or None at the end."""
    order = torch.tensor([steps])
    dist.broadcast(order, 0)
    last = None
    for index in range(int(order)):
        last = step(index)
    dist.barrier()
    return last


def lead(step, count, options):
    about = f"PyTorch {torch.__version__}, DDP with Gloo, {options['ranks']} processes of {torch.get_num_threads()} thread"
    print(json.dumps({"parameters": count, "about": about}), flush=True)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        start, start_cpu = time.perf_counter(), time.process_time()
        last = run(step, steps)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - start_cpu
        images = steps * options["batch"] * options["ranks"]
        print(json.dumps({"images": images, "seconds": seconds, "cpuSeconds": cpu_seconds, "last": last}), flush=True)


def follow(step):
    try:
        while True:
            run(step, 0)
    except RuntimeError:
        pass  # Rank 0 has gone, as it does in the end; if it failed, it says so itself.


def main():
    options = json.loads(sys.argv[1])
    rank = options.get("rank", 0)
    torch.set_num_threads(1)
    store = dist.TCPStore("127.0.0.1", options.get("port", 0), options["ranks"], rank == 0, patience, wait_for_workers=False)
    if rank == 0:
        for other in range(1, options["ranks"]):
            more = json.dumps({**options, "rank": other, "port": store.port})
            subprocess.Popen([sys.executable, __file__, more], stdin=subprocess.DEVNULL)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=options["ranks"], timeout=patience)
    model, step = open_training(options, rank)
    if rank == 0:
        lead(step, sum(parameter.numel() for parameter in model.parameters()), options)
    else:
        follow(step)


if __name__ == "__main__":
    main()
