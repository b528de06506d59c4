#!/usr/bin/env python3
"""BYOL by PyTorch and torchvision, for ./byol benchmark to run in turn with its own; prints one line of JSON.

    peer_training.py [--what step|input|training] [--preset plain|best|best-bf16] [--device cpu|cuda]
        [--encoder resnet18] [--batch 32] [--size 96] [--steps 10] [--precision float32|bfloat16]
        [--channels-last] [--compile [MODE]] [--threads 2] [--workers 1] [--spin N]

step: both views through online and target network, loss, gradients, LARS, moving average, on views that are there.
input: two views of each image by torchvision on Pillow, by worker processes of a DataLoader.
training: both together.

The view is the one of byol-java's View.appendix(), operation by operation; images are 96x96 pixels in memory, or as
large as the views where those are larger. Workers hand out bytes, and whole batches are normalised: that is faster than
ToTensor and Normalize for each view.

Presets: "plain" is PyTorch as it comes. "best" is channels-last, on the CPU with jemalloc and AVX-512 kernels where the
machine has them, on a GPU compiled. "best-bf16" is the same by autocast to bfloat16. An option goes before its preset.
On a GPU, float32 is with TF32. Runs on PyTorch 1.13 and 2; only 2 compiles.
"""
import argparse
import copy
import glob
import json
import os
import random
import sys
import time

TAU = 0.996
RATE, MOMENTUM, DECAY, TRUST = 0.2, 0.9, 1.5e-6, 1e-3
WARM_UP = 3
IMAGES = 64
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def options():
    parser = argparse.ArgumentParser(description="BYOL by PyTorch and torchvision; prints one line of JSON.")
    parser.add_argument("--what", choices=["step", "input", "training"], default="step")
    parser.add_argument("--preset", choices=["plain", "best", "best-bf16"], default="plain")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--encoder", choices=["resnet18", "resnet34", "resnet50"], default="resnet18")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--precision", choices=["float32", "bfloat16"])
    parser.add_argument("--channels-last", action="store_true", default=None)
    parser.add_argument("--compile", nargs="?", const="default", metavar="MODE",
                        help="torch.compile, with its mode: default, reduce-overhead or max-autotune")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--spin", help="GOMP_SPINCOUNT")
    chosen = parser.parse_args()
    best = chosen.preset != "plain"
    if chosen.channels_last is None:
        chosen.channels_last = best
    if chosen.compile is None and best and chosen.device != "cpu":
        chosen.compile = "default"
    if chosen.precision is None:
        chosen.precision = "bfloat16" if chosen.preset == "best-bf16" else "float32"
    return chosen


def environment(chosen):
    """What must be set before the process starts."""
    wanted = {"OMP_NUM_THREADS": str(chosen.threads)}
    if chosen.spin:
        wanted["GOMP_SPINCOUNT"] = chosen.spin
    if chosen.preset != "plain" and chosen.device == "cpu":
        with open("/proc/cpuinfo") as info:
            if "avx512f" in info.read():
                wanted["ATEN_CPU_CAPABILITY"] = "avx512"
        library = glob.glob("/usr/lib/*/libjemalloc.so.2")
        if library:
            wanted["LD_PRELOAD"] = library[0]
            wanted["MALLOC_CONF"] = ("background_thread:false,dirty_decay_ms:-1,muzzy_decay_ms:-1,"
                                     "metadata_thp:auto,thp:always")
    return wanted


OPTIONS = options()
if any(os.environ.get(name) != value for name, value in environment(OPTIONS).items()):
    os.environ.update(environment(OPTIONS))
    os.execv(sys.executable, [sys.executable] + sys.argv)

import warnings  # noqa: E402: the environment comes first

warnings.filterwarnings("ignore")
import PIL  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from PIL import Image, ImageFilter  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402
from torchvision import transforms  # noqa: E402


class PillowBlur:
    def __call__(self, image):
        return image.filter(ImageFilter.GaussianBlur(random.uniform(0.1, 2.0)))


class Views(torch.utils.data.Dataset):
    """Two views of each of a few images, which come again and again, as bytes."""

    def __init__(self, size):
        side = max(96, size)
        draw = torch.Generator().manual_seed(7)
        blobs = torch.rand(IMAGES, 3, 8, 8, generator=draw)
        smooth = functional.interpolate(blobs, size=(side, side), mode="bilinear", align_corners=False)
        self.images = (255 * smooth).byte().permute(0, 2, 3, 1).contiguous().numpy()
        self.view = transforms.Compose([
            transforms.RandomResizedCrop(size, scale=(0.2, 1.0)),
            transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], 0.8),
            transforms.RandomGrayscale(0.2),
            transforms.RandomHorizontalFlip(0.5),
            transforms.RandomApply([PillowBlur()], 0.5),
            transforms.PILToTensor(),
        ])

    def __len__(self):
        return 1 << 30

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index % IMAGES])
        return self.view(image), self.view(image)


class Lars:
    """LARS without adaptation and decay for biases and norms, in few calls for all parameters."""

    def __init__(self, parameters):
        self.adapted = [p for p in parameters if p.ndim > 1]
        self.plain = [p for p in parameters if p.ndim <= 1]
        self.momentum = {id(p): torch.zeros_like(p) for p in parameters}

    @torch.no_grad()
    def step(self):
        gradients = [p.grad for p in self.adapted]
        torch._foreach_add_(gradients, self.adapted, alpha=DECAY)
        weights = torch.stack(torch._foreach_norm(self.adapted))
        lengths = torch.stack(torch._foreach_norm(gradients))
        ratios = torch.where((weights > 0) & (lengths > 0), TRUST * weights / lengths, torch.ones_like(weights))
        torch._foreach_mul_(gradients, list(ratios.unbind()) if ratios.is_cuda else ratios.tolist())
        self.move(self.adapted, gradients)
        self.move(self.plain, [p.grad for p in self.plain])

    def move(self, parameters, directions):
        velocity = [self.momentum[id(p)] for p in parameters]
        torch._foreach_mul_(velocity, MOMENTUM)
        torch._foreach_add_(velocity, directions)
        torch._foreach_add_(parameters, velocity, alpha=-RATE)


def mlp(inputs):
    return nn.Sequential(nn.Linear(inputs, 512), nn.BatchNorm1d(512), nn.ReLU(inplace=True), nn.Linear(512, 128))


class Byol:
    def __init__(self, chosen):
        self.device = torch.device(chosen.device)
        self.reduced = chosen.precision == "bfloat16"
        self.format = torch.channels_last if chosen.channels_last else torch.contiguous_format
        encoder = getattr(torchvision.models, chosen.encoder)()
        features = encoder.fc.in_features
        encoder.fc = nn.Identity()
        online = nn.Sequential(encoder, mlp(features)).to(self.device, memory_format=self.format)
        predictor = mlp(128).to(self.device)
        target = copy.deepcopy(online).requires_grad_(False)
        self.followed, self.following = list(online.parameters()), list(target.parameters())
        self.trained = self.followed + list(predictor.parameters())
        self.rule = Lars(self.trained)
        if chosen.compile:
            online, target, predictor = (torch.compile(part, mode=chosen.compile) for part in (online, target, predictor))
        self.online, self.target, self.predictor = online, target, predictor

        def colours(values):
            return 255 * torch.tensor(values, device=self.device).view(1, 3, 1, 1)

        self.mean, self.deviation = colours(MEAN), colours(DEVIATION)

    def normalised(self, view):
        """From the bytes that a loader hands out."""
        view = view.to(self.device, non_blocking=True).contiguous(memory_format=self.format)
        return (view.float() - self.mean) / self.deviation

    def step(self, first, second):
        """The loss of a step, on the device."""
        for parameter in self.trained:
            parameter.grad = None
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.reduced):
            with torch.no_grad():
                aims = self.target(first), self.target(second)
            guesses = self.predictor(self.online(first)), self.predictor(self.online(second))
        loss = (self.distance(guesses[0], aims[1]) + self.distance(guesses[1], aims[0])).mean()
        loss.backward()
        self.rule.step()
        with torch.no_grad():
            torch._foreach_mul_(self.following, TAU)
            torch._foreach_add_(self.following, self.followed, alpha=1 - TAU)
        return loss.detach()

    @staticmethod
    def distance(guess, aim):
        return 2 - 2 * functional.cosine_similarity(guess.float(), aim.float(), dim=1)


def children_seconds():
    """CPU time of the workers that live."""
    ticks = 0
    for child in torch.multiprocessing.active_children():
        with open(f"/proc/{child.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_seconds():
    return time.process_time() + children_seconds()


def peak_megabytes():
    """Of this process alone: what getrusage says begins with that of whoever started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM:"))


def batches(chosen):
    data = Views(chosen.size)
    order = torch.utils.data.SequentialSampler(range(1 << 24))
    return iter(torch.utils.data.DataLoader(
        data, batch_size=chosen.batch, sampler=order, num_workers=chosen.workers, drop_last=True,
        pin_memory=chosen.device != "cpu"))


def timed(chosen, run, least):
    """Runs a few times without the clock, then with it: (seconds of each run, seconds of all, CPU-seconds of all, last result)."""
    is_cuda = chosen.device != "cpu"
    for _ in range(WARM_UP):
        run()
    if is_cuda:
        torch.cuda.synchronize()
    each = []
    cpu, start = cpu_seconds(), time.perf_counter()
    last = start
    while len(each) < chosen.steps or last - start < least:
        result = run()
        now = time.perf_counter()
        each.append(now - last)
        last = now
    if is_cuda:  # calls come back at once: only all of them together can be timed
        torch.cuda.synchronize()
        last = time.perf_counter()
    return each, last - start, cpu_seconds() - cpu, result


def main(chosen):
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    is_cuda = chosen.device != "cpu"
    if is_cuda:
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
    feed = None if chosen.what == "step" else batches(chosen)
    if feed is not None:
        next(feed)  # the workers are there before any thread of the network
    least = 0.0
    if chosen.what == "input":
        least = 0.2 * chosen.steps  # as ./byol benchmark does
        until = time.perf_counter() + least
        while time.perf_counter() < until:
            next(feed)

        def run():
            next(feed)
    else:
        byol = Byol(chosen)
        if chosen.what == "step":
            views = [torch.randn(chosen.batch, 3, chosen.size, chosen.size, device=byol.device)
                     .contiguous(memory_format=byol.format) for _ in range(2)]

        def run():
            given = views if chosen.what == "step" else [byol.normalised(view) for view in next(feed)]
            loss = byol.step(*given)
            return loss if is_cuda else float(loss)

    each, seconds, cpu, result = timed(chosen, run, least)
    median = sorted(each)[len(each) // 2]
    one = median if chosen.what == "step" and not is_cuda else seconds / len(each)
    answer = {
        "what": chosen.what, "torch": torch.__version__, "torchvision": torchvision.__version__,
        "pillow": PIL.__version__, "device": torch.cuda.get_device_name(chosen.device) if is_cuda else "cpu",
        "encoder": chosen.encoder, "batch": chosen.batch, "size": chosen.size, "precision": chosen.precision,
        "channels_last": chosen.channels_last, "compile": chosen.compile, "threads": chosen.threads,
        "workers": 0 if feed is None else chosen.workers,
        "aten": os.environ.get("ATEN_CPU_CAPABILITY", "default"),
        "alloc": "jemalloc" if "jemalloc" in os.environ.get("LD_PRELOAD", "") else "default",
        "steps": len(each), "images_per_s": round(chosen.batch / one, 2),
        "cpu_s_per_step": round(cpu / len(each), 4),
        "peak_rss_mb": peak_megabytes(),
    }
    if is_cuda:
        answer["peak_cuda_mb"] = torch.cuda.max_memory_allocated() >> 20
    if result is not None:
        answer["loss"] = round(float(result), 4)
    print(json.dumps(answer))


if __name__ == "__main__":
    main(OPTIONS)
