import os
import sys

import numpy as np
import torch

HOW = sys.argv[1]
del sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from peer_program import SIZES, array, dense, repeated, serve, size

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
layers, squareplus, slope, both = dense(torch.sqrt)


def adjoint_gradient():
    positions, velocities = torch.tensor(array("positions")), torch.tensor(array("start-velocities"))
    i, j = (torch.tensor(array(name) // 3, dtype=torch.long) for name in ("pair-i", "pair-j"))
    scale_i, scale_j = (torch.tensor(array(name))[None, :, None] for name in ("scale-i", "scale-j"))
    trajectories, records, components = positions.shape
    pairs, dt, stride = len(i), SIZES["dt"], size("stride")
    observed = positions.view(trajectories, records, -1, 3)
    flat = torch.tensor(array("pair-weights"), requires_grad=True)
    width = 10

    def slope_by_tape(parts, r):
        w1, b1, w2, b2, w3, _ = parts
        if not r.requires_grad:
            r = r.detach().requires_grad_(True)
        energy = squareplus(squareplus(r @ w1.T + b1)[0] @ w2.T + b2)[0] @ w3.T
        return torch.autograd.grad(energy.sum(), r, create_graph=True)[0]

    slope_of = slope_by_tape if HOW == "tape" else slope

    def accelerations(q, *parts):
        d = q[:, i] - q[:, j]
        r = torch.sqrt((d * d).sum(2, keepdim=True))
        f = slope_of(parts, r.view(-1, 1)).view(trajectories, pairs, 1) * d / r
        return torch.zeros_like(q).index_add(1, i, -scale_i * f).index_add(1, j, scale_j * f)

    if HOW == "compiled":
        accelerations = torch.compile(accelerations)

    def once():
        flat.grad = None
        parts = layers(flat, [1, width, width, 1])
        q, v = observed[:, 0], velocities.view(trajectories, -1, 3)
        total = 0
        for step in range((records - 1) * stride):
            v = v + (0.5 * dt if step == 0 else dt) * accelerations(q, *parts)
            q = q + dt * v
            if (step + 1) % stride == 0:
                total = total + ((q - observed[:, (step + 1) // stride]) ** 2).sum()
        loss = total / SIZES["residuals"]
        loss.backward()
        return np.concatenate([[loss.item()], flat.grad.numpy()])

    return once


def network_batch():
    flat, r = torch.tensor(array("network-weights")), torch.tensor(array("network-separations"))[:, None]
    parts = layers(flat, [1, 32, 32, 1])

    def once():
        with torch.no_grad():
            return torch.cat(both(parts, r)).numpy().ravel()

    return once


def lnn(hidden):
    """Forces are the derivative of the energy, the loss's gradient the derivative of that."""
    x, targets, responses = (torch.tensor(array(f"lnn-{name}")) for name in ("inputs", "targets", "responses"))
    x.requires_grad_(True)
    flat = torch.tensor(array(f"lnn-{hidden}-weights"), requires_grad=True)
    points, width = x.shape
    weight, idle = 1 / (points * SIZES["lnn-components"]), SIZES["lnn-idle-squares"]

    def once():
        w1, b1, w2, b2, w3 = layers(flat, [width, hidden, hidden, 1], last_bias=False)
        h1 = squareplus(x @ w1.T + b1)[0]
        energy = squareplus(h1 @ w2.T + b2)[0] @ w3.T
        (gradient,) = torch.autograd.grad(energy.sum(), x, create_graph=True)
        loss = (((responses * gradient - targets) ** 2).sum() + idle) * weight
        (out,) = torch.autograd.grad(loss, flat)
        return np.concatenate([[loss.item()], out.numpy()])

    return once


serve(
    {"python": sys.version.split()[0], "torch": torch.__version__},
    {
        "adjoint-gradient": repeated(adjoint_gradient),
        "network-batch": repeated(network_batch),
        "lnn-10": repeated(lambda: lnn(10)),
        "lnn-256": repeated(lambda: lnn(256)),
    },
)
