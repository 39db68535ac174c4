import os
import sys
import time
from importlib.metadata import version

import jax
import jax.numpy as jnp
import jaxopt
import numpy as np
import optax

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from peer_program import SIZES, array, dense, repeated, serve, size

jax.config.update("jax_enable_x64", True)

layers, squareplus, slope, both = dense(jnp.sqrt)

# Epochs of Adam between two looks at the clock.
CHUNK = 50


def rollout_loss():
    """The loss as a function of the flat weights."""
    positions, velocities = array("positions"), array("start-velocities")
    trajectories, records, components = positions.shape
    observed = jnp.asarray(positions.reshape(trajectories, records, -1, 3))
    start_velocities = jnp.asarray(velocities.reshape(trajectories, -1, 3))
    pairs, dt, stride = size("pairs"), SIZES["dt"], size("stride")
    # Separation vectors are `difference @ q`, accelerations `scatter @ f`: gathers would cost more backwards.
    difference, scatter = np.zeros((pairs, components // 3)), np.zeros((components // 3, pairs))
    ends = zip(array("pair-i") // 3, array("pair-j") // 3, array("scale-i"), array("scale-j"))
    for p, (i, j, scale_i, scale_j) in enumerate(ends):
        difference[p, i], difference[p, j] = 1, -1
        scatter[i, p], scatter[j, p] = -scale_i, scale_j

    def loss(flat):
        parts = layers(flat, [1, 10, 10, 1])

        def accelerations(q):
            d = jnp.einsum("pn,tnk->tpk", difference, q)
            r = jnp.sqrt((d * d).sum(2, keepdims=True))
            f = slope(parts, r.reshape(-1, 1)).reshape(trajectories, pairs, 1) * d / r
            return jnp.einsum("np,tpk->tnk", scatter, f)

        def step(state, _):
            q, v = state
            q = q + dt * v
            return (q, v + dt * accelerations(q)), None

        def record(state, target):
            (q, v), _ = jax.lax.scan(step, state, None, length=stride)
            return (q, v), ((q - target) ** 2).sum()

        q, v = observed[:, 0], start_velocities
        v = v + 0.5 * dt * accelerations(q)
        _, squares = jax.lax.scan(record, (q, v), jnp.swapaxes(observed[:, 1:], 0, 1))
        return squares.sum() / SIZES["residuals"]

    return loss


def adjoint_gradient():
    gradient_of = jax.jit(jax.value_and_grad(rollout_loss()))
    flat = jnp.asarray(array("pair-weights"))

    def once():
        loss, gradient = gradient_of(flat)
        return np.concatenate([[float(loss)], np.asarray(gradient)])

    return once


def adam(epochs):
    """The paper's recipe: loss before each epoch."""
    optimizer = optax.adam(1e-3)
    gradient_of = jax.value_and_grad(rollout_loss())

    def epoch(state, _):
        flat, memory = state
        loss, gradient = gradient_of(flat)
        updates, memory = optimizer.update(gradient, memory)
        return (optax.apply_updates(flat, updates), memory), loss

    run = jax.jit(lambda state, length: jax.lax.scan(epoch, state, None, length=length), static_argnums=1)
    flat = jnp.asarray(array("pair-weights"))
    start = (flat, optimizer.init(flat))
    chunk = min(epochs, CHUNK)
    jax.block_until_ready(run(start, chunk))
    state, losses, seconds = start, [], []
    while len(losses) < epochs:
        began = time.process_time()
        state, some = run(state, chunk)
        losses.extend(np.asarray(some))
        seconds.extend([(time.process_time() - began) / chunk] * chunk)
    return seconds[:epochs], losses[:epochs]


def lbfgs(iterations):
    """Loss after each iteration."""
    gradient_of = jax.value_and_grad(rollout_loss())
    solver = jaxopt.LBFGS(gradient_of, value_and_grad=True, maxiter=iterations, tol=0.0, history_size=20)
    flat = jnp.asarray(array("pair-weights"))
    update = jax.jit(solver.update)
    fresh = solver.init_state(flat)
    jax.block_until_ready(update(flat, fresh))
    state, losses, seconds = fresh, [], []
    for _ in range(iterations):
        began = time.process_time()
        flat, state = update(flat, state)
        losses.append(float(state.value))
        seconds.append(time.process_time() - began)
    return seconds, losses


def network_batch():
    r = jnp.asarray(array("network-separations"))[:, None]

    batch = jax.jit(lambda flat: both(layers(flat, [1, 32, 32, 1]), r))
    flat = jnp.asarray(array("network-weights"))
    return lambda: np.concatenate([np.asarray(part).ravel() for part in batch(flat)])


def lnn(hidden):
    """Forces are the derivative of the energy, the loss's gradient the derivative of that."""
    x, targets, responses = (jnp.asarray(array(f"lnn-{name}")) for name in ("inputs", "targets", "responses"))
    points, width = x.shape
    weight, idle = 1 / (points * SIZES["lnn-components"]), SIZES["lnn-idle-squares"]

    def loss(flat):
        w1, b1, w2, b2, w3 = layers(flat, [width, hidden, hidden, 1], last_bias=False)

        def energy(x):
            h1 = squareplus(x @ w1.T + b1)[0]
            return (squareplus(h1 @ w2.T + b2)[0] @ w3.T).sum()

        return (((responses * jax.grad(energy)(x) - targets) ** 2).sum() + idle) * weight

    gradient_of = jax.jit(jax.value_and_grad(loss))
    flat = jnp.asarray(array(f"lnn-{hidden}-weights"))

    def once():
        value, gradient = gradient_of(flat)
        return np.concatenate([[float(value)], np.asarray(gradient)])

    return once


serve(
    {
        "python": sys.version.split()[0],
        **{name: version(name) for name in ("jax", "jaxlib", "optax", "jaxopt")},
    },
    {
        "adjoint-gradient": repeated(adjoint_gradient),
        "adam": adam,
        "lbfgs": lbfgs,
        "network-batch": repeated(network_batch),
        "lnn-10": repeated(lambda: lnn(10)),
        "lnn-256": repeated(lambda: lnn(256)),
    },
)
