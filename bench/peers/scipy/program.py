import os
import sys
import time

import numpy as np
import scipy
from scipy.optimize import least_squares

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from peer_program import SIZES, array, repeated, serve, size


class Rollouts:
    """Velocity Verlet of all trajectories at once, with V' a cubic spline, and its sensitivities to the coefficients."""

    def __init__(self):
        self.records, self.stride, self.dt = size("records"), size("stride"), SIZES["dt"]
        self.positions = array("positions")
        self.velocities = array("start-velocities")
        self.left, self.inverse_widths = array("spline-left"), array("spline-inverse-widths")
        self.first, self.polynomials = array("spline-first"), array("spline-polynomials")
        self.size = size("spline-size")
        pairs, components = size("pairs"), size("components")
        # Separation vectors of all pairs are `difference @ q`; accelerations from pair forces are `scatter @ f`.
        self.difference = np.zeros((3 * pairs, components))
        self.scatter = np.zeros((components, 3 * pairs))
        ends = zip(array("pair-i"), array("pair-j"), array("scale-i"), array("scale-j"))
        for p, (i, j, scale_i, scale_j) in enumerate(ends):
            for k in range(3):
                self.difference[3 * p + k, [i + k, j + k]] = 1, -1
                self.scatter[i + k, 3 * p + k] = -scale_i
                self.scatter[j + k, 3 * p + k] = scale_j
        self.pairs = pairs

    def residuals(self, coefficients, with_jacobian):
        """Residuals [T, records - 1, C], and their Jacobian [T, records - 1, C, size]."""
        trajectories, _, components = self.positions.shape
        pairs, width = self.pairs, self.size
        # Coefficients of each cell's cubic: [cells, 4]
        curve = np.einsum("cm,cmp->cp", coefficients[self.first[:, None] + np.arange(4)], self.polynomials)
        q, v = self.positions[:, 0].copy(), self.velocities.copy()
        out = np.empty((trajectories, self.records - 1, components))
        if with_jacobian:
            jacobian = np.empty((trajectories, self.records - 1, components, width))
            dq = np.zeros((trajectories, components, width))
            dv = np.zeros_like(dq)
            rows = np.arange(trajectories * pairs)[:, None]
        for step in range((self.records - 1) * self.stride):
            kick = 0.5 * self.dt if step == 0 else self.dt
            d = (q @ self.difference.T).reshape(trajectories, pairs, 3)
            r = np.sqrt((d * d).sum(axis=2))
            n = d / r[..., None]
            cell = np.searchsorted(self.left, r, side="right") - 1
            np.clip(cell, 0, len(self.left) - 1, out=cell)
            t = (r - self.left[cell]) * self.inverse_widths[cell]
            c = curve[cell]
            f = c[..., 0] + t * (c[..., 1] + t * (c[..., 2] + t * c[..., 3]))
            if with_jacobian:
                bend = (c[..., 1] + t * (2 * c[..., 2] + t * 3 * c[..., 3])) * self.inverse_widths[cell]
                powers = np.stack([np.ones_like(t), t, t * t, t * t * t], axis=-1)
                phi = (self.polynomials[cell] @ powers[..., None])[..., 0]
                functions = np.zeros((trajectories * pairs, width))
                functions[rows, (self.first[cell][..., None] + np.arange(4)).reshape(-1, 4)] = phi.reshape(-1, 4)
                gradient = (bend - f / r)[..., None, None] * (n[..., :, None] * n[..., None, :])
                gradient[..., [0, 1, 2], [0, 1, 2]] += (f / r)[..., None]
                x = (self.difference @ dq).reshape(trajectories, pairs, 3, width)
                y = gradient @ x
                y += n[..., None] * functions.reshape(trajectories, pairs, 1, width)
                dv += kick * (self.scatter @ y.reshape(trajectories, 3 * pairs, width))
                dq += self.dt * dv
            v += kick * ((f[..., None] * n).reshape(trajectories, 3 * pairs) @ self.scatter.T)
            q += self.dt * v
            if (step + 1) % self.stride == 0:
                k = (step + 1) // self.stride
                out[:, k - 1] = q - self.positions[:, k]
                if with_jacobian:
                    jacobian[:, k - 1] = dq
        return (out, jacobian) if with_jacobian else out

    def normal_equations(self, coefficients):
        """Sum of squares, J' residuals, J'J."""
        residuals, jacobian = self.residuals(coefficients, True)
        e, j = residuals.ravel(), jacobian.reshape(-1, self.size)
        return np.concatenate([[e @ e], j.T @ e, (j.T @ j).ravel()])


def gauss_newton():
    rollouts, coefficients = Rollouts(), array("spline-coefficients")
    return lambda: rollouts.normal_equations(coefficients)


def spline_solve(times):
    """Coefficients by Levenberg-Marquardt from V' = 0."""
    rollouts = Rollouts()
    seconds = []
    for _ in range(times):
        began = time.process_time()
        solution = least_squares(
            lambda c: rollouts.residuals(c, False).ravel(),
            np.zeros(rollouts.size),
            jac=lambda c: rollouts.residuals(c, True)[1].reshape(-1, rollouts.size),
            method="trf",
            xtol=None,
            gtol=None,
            ftol=1e-4,
            max_nfev=100,
        )
        seconds.append(time.process_time() - began)
    return seconds, solution.x


def lnn(hidden):
    """Loss and gradient of the baseline: two passes forward, two back, on all points at once."""
    inputs, targets, responses = array("lnn-inputs"), array("lnn-targets"), array("lnn-responses")
    flat, (points, width) = array(f"lnn-{hidden}-weights"), inputs.shape
    weight, idle = 1 / (points * SIZES["lnn-components"]), SIZES["lnn-idle-squares"]
    shapes = [(hidden, width), (hidden,), (hidden, hidden), (hidden,), (hidden,)]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def once():
        w1, b1, w2, b2, w3 = (part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes))
        z1 = inputs @ w1.T + b1
        root1 = np.sqrt(z1 * z1 + 4)
        h1, s1, bend1 = 0.5 * (z1 + root1), 0.5 * (1 + z1 / root1), 2 / root1**3
        z2 = h1 @ w2.T + b2
        root2 = np.sqrt(z2 * z2 + 4)
        s2, bend2 = 0.5 * (1 + z2 / root2), 2 / root2**3
        d2 = w3 * s2
        u1 = d2 @ w2
        d1 = s1 * u1
        residuals = responses * (d1 @ w1) - targets
        direction = 2 * weight * responses * residuals
        z1_dot = direction @ w1.T
        h1_dot = s1 * z1_dot
        z2_dot = h1_dot @ w2.T
        e2 = w3 * bend2 * z2_dot
        e1 = s1 * (e2 @ w2) + bend1 * z1_dot * u1
        return np.concatenate(
            [
                [((residuals * residuals).sum() + idle) * weight],
                (d1.T @ direction + e1.T @ inputs).ravel(),
                e1.sum(axis=0),
                (d2.T @ h1_dot + e2.T @ h1).ravel(),
                e2.sum(axis=0),
                (s2 * z2_dot).sum(axis=0),
            ]
        )

    return once


serve(
    {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
    {
        "gauss-newton": repeated(gauss_newton),
        "spline-solve": spline_solve,
        "lnn-10": repeated(lambda: lnn(10)),
        "lnn-256": repeated(lambda: lnn(256)),
    },
)
