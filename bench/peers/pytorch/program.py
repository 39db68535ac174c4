import os
import sys

import numpy as np
import torch

HOW = sys.argv[1]
del sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from peer_program import SIZES, array, repeated, serve, size

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def layers(flat, widths, last_bias=True):
    """Weights and biases of a dense network as views of one vector."""
    out, offset = [], 0
    for k, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        out.append(flat[offset : offset + inputs * outputs].view(outputs, inputs))
        offset += inputs * outputs
        if last_bias or k + 2 < len(widths):
            out.append(flat[offset : offset + outputs])
            offset += outputs
    return out


def squareplus(z):
    """Value and derivative."""
    root = torch.sqrt(z * z + 4)
    return 0.5 * (z + root), 0.5 * (1 + z / root)


def slope(parts, r):
    """V' of a 1-h-h-1 network, forward along with the value. r: [n, 1]"""
    w1, b1, w2, b2, w3, _ = parts
    h1, s1 = squareplus(r @ w1.T + b1)
    h2, s2 = squareplus(h1 @ w2.T + b2)
    return (s2 * ((s1 * w1.T) @ w2.T)) @ w3.T


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
    w1, b1, w2, b2, w3, b3 = layers(flat, [1, 32, 32, 1])

    def once():
        with torch.no_grad():
            h1, s1 = squareplus(r @ w1.T + b1)
            h2, s2 = squareplus(h1 @ w2.T + b2)
            return torch.cat([h2 @ w3.T + b3, (s2 * ((s1 * w1.T) @ w2.T)) @ w3.T]).numpy().ravel()

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
