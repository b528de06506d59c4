#!/usr/bin/env python3
"""How far bfloat16 leads from float32 in PyTorch: the yardstick of byol-tf's PrecisionTest, on the same kind of run.

    peer_precision.py [--rate 0.1] [--pairs 12]

Trains a small BYOL for 200 steps on views that are mostly noise, for each pair from start values of its own: in float32,
in float32 from start values that differ by a millionth, and in bfloat16 by autocast. Prints, for each kind, the largest
relative difference from float32 of the losses smoothed over 20 steps: of each pair, and of the means over all pairs.
"""
import argparse
import copy
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SIDE, BATCH, STEPS, WARM_UP, WINDOW = 16, 64, 200, 10, 20
NOISE, TAU, MOMENTUM, DECAY = 0.9, 0.99, 0.9, 1e-4
MEAN, DEVIATION = np.array((0.485, 0.456, 0.406)), np.array((0.229, 0.224, 0.225))


def views(step):
    """Two views of one coloured wave for each image, each with a brightness and a place of its own, under noise."""
    random = np.random.RandomState(step)
    y, x = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    pair = np.empty((2, BATCH, SIDE, SIDE, 3))
    for image in range(BATCH):
        angle, wave, colour = random.uniform(0, math.pi), random.uniform(0.2, 1.5), random.rand(3)
        for view in pair:
            phase, bright = random.uniform(0, 2 * math.pi), random.uniform(0.6, 1)
            value = 1 + np.sin(wave * (x * math.cos(angle) + y * math.sin(angle)) + phase)
            signal = bright * colour * value[..., None] / 2
            view[image] = np.floor(255 * ((1 - NOISE) * signal + NOISE * random.rand(SIDE, SIDE, 3)))
    normal = (pair / 255 - MEAN) / DEVIATION
    return torch.tensor(normal.transpose(0, 1, 4, 2, 3), dtype=torch.float32)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


def encoder():
    network = nn.Sequential(nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                            Block(8, 8, 1), Block(8, 16, 2), Block(16, 32, 2), Block(32, 64, 2))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return network


def mlp(inputs):
    return nn.Sequential(nn.Linear(inputs, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32))


def losses(seed, data, peak, reduced=False, disturbed=False):
    torch.manual_seed(seed)
    online, predictor = nn.ModuleList([encoder(), mlp(64)]), mlp(32)
    if disturbed:
        for kernel in (p for p in online.parameters() if p.ndim > 1):
            kernel.data *= 1 + 1e-6 * torch.randn(kernel.shape)
    target = copy.deepcopy(online)

    def project(branch, x):
        with torch.cpu.amp.autocast(dtype=torch.bfloat16, enabled=reduced):
            y = branch[0](x)
        return branch[1](y.float().mean((2, 3)))

    def regression(q, z):
        return (F.normalize(q, dim=1) - F.normalize(z, dim=1)).square().sum(1).mean()

    trained = [*online.parameters(), *predictor.parameters()]
    sgd = torch.optim.SGD([{"params": [p for p in trained if p.ndim > 1], "weight_decay": DECAY},
                           {"params": [p for p in trained if p.ndim == 1]}], lr=peak, momentum=MOMENTUM)
    curve = []
    for step, (v0, v1) in enumerate(data):
        late = math.pi * (step - WARM_UP) / (STEPS - WARM_UP)
        for group in sgd.param_groups:
            group["lr"] = peak * (step / WARM_UP if step < WARM_UP else (1 + math.cos(late)) / 2)
        with torch.no_grad():
            z0, z1 = project(target, v0), project(target, v1)
        q0, q1 = predictor(project(online, v0)), predictor(project(online, v1))
        loss = regression(q0, z1) + regression(q1, z0)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        with torch.no_grad():
            for follower, leader in zip(target.parameters(), online.parameters()):
                follower.lerp_(leader, 1 - TAU)
        curve.append(float(loss))
    return np.array(curve)


def difference(found, expected):
    found, expected = (np.convolve(curve, np.ones(WINDOW) / WINDOW, "valid") for curve in (found, expected))
    return 100 * np.max(np.abs(found - expected) / expected)


def main():
    parser = argparse.ArgumentParser(description="How far bfloat16 leads from float32 in PyTorch.")
    parser.add_argument("--rate", type=float, default=0.1, help="the peak learning rate")
    parser.add_argument("--pairs", type=int, default=12)
    chosen = parser.parse_args()
    data = [views(step) for step in range(STEPS)]
    seeds = range(1, chosen.pairs + 1)
    plain = [losses(seed, data, chosen.rate) for seed in seeds]
    for name, setting in (("float32, disturbed", {"disturbed": True}), ("bfloat16", {"reduced": True})):
        curves = [losses(seed, data, chosen.rate, **setting) for seed in seeds]
        pairs = " ".join("%.2f" % difference(found, expected) for found, expected in zip(curves, plain))
        mean = difference(np.mean(curves, axis=0), np.mean(plain, axis=0))
        print("%s: pairs %s %%, the means over %d pairs %.2f %%" % (name, pairs, chosen.pairs, mean), flush=True)


if __name__ == "__main__":
    main()
