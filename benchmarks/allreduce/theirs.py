"""One rank of torch's Gloo all-reduce. For each line it does as many all-reduces as it says and prints the seconds that they took, by the clock and of the processor."""
import json
import os
import sys
import time

import torch
import torch.distributed as dist

options = json.loads(sys.argv[1])
torch.set_num_threads(1)
os.environ["GLOO_SOCKET_IFNAME"] = "lo"
dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{options['port']}", rank=options["rank"], world_size=options["ranks"])
data = torch.full((options["elements"],), float(options["rank"] + 1))
dist.all_reduce(data)
if data[0].item() != options["ranks"] * (options["ranks"] + 1) / 2:
    raise SystemExit("Gloo's sum is wrong")
data.fill_(1e-30)
print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    steps = json.loads(line)["steps"]
    dist.barrier()
    start_cpu = time.process_time()
    start = time.perf_counter()
    for _ in range(steps):
        dist.all_reduce(data)
    print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - start_cpu}), flush=True)
