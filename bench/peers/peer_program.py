"""What every Python peer's program has in common: the run's folder, and the protocol."""

import json
import os
import sys
import time

import numpy

FOLDER, NAME = sys.argv[1:3]

with open(os.path.join(FOLDER, "problem.json")) as file:
    _problem = json.load(file)

SIZES = _problem["sizes"]


def array(name):
    """An array of the folder in its shape."""
    described = _problem["arrays"][name]
    kind = {"f64": "<f8", "i32": "<i4"}[described["type"]]
    path = os.path.join(FOLDER, f"{name}.{described['type']}")
    return numpy.fromfile(path, dtype=kind).reshape(described["shape"])


def size(name):
    """A whole number of the folder."""
    return int(SIZES[name])


def dense(sqrt):
    """Parts of dense networks in a library whose arrays know `@`, `.T` and `.reshape`: layers, squareplus, slope, both."""

    def layers(flat, widths, last_bias=True):
        """Weights and biases from one vector."""
        out, offset = [], 0
        for k, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            out.append(flat[offset : offset + inputs * outputs].reshape(outputs, inputs))
            offset += inputs * outputs
            if last_bias or k + 2 < len(widths):
                out.append(flat[offset : offset + outputs])
                offset += outputs
        return out

    def squareplus(z):
        """Value and derivative."""
        root = sqrt(z * z + 4)
        return 0.5 * (z + root), 0.5 * (1 + z / root)

    def forward(parts, r):
        """Last hidden layer of a 1-h-h-1 network, and V' along with it. r: [n, 1]"""
        w1, b1, w2, b2, w3, _ = parts
        h1, s1 = squareplus(r @ w1.T + b1)
        h2, s2 = squareplus(h1 @ w2.T + b2)
        return h2, (s2 * ((s1 * w1.T) @ w2.T)) @ w3.T

    def slope(parts, r):
        return forward(parts, r)[1]

    def both(parts, r):
        """V and V'."""
        h2, slopes = forward(parts, r)
        return h2 @ parts[4].T + parts[5], slopes

    return layers, squareplus, slope, both


def repeated(prepare):
    """Work that is done again and again: `prepare()` gives a function that does it once and returns the numbers of its result."""
    made = []

    def run(times):
        if not made:
            made.append(prepare())
            made[0]()
        seconds = []
        for _ in range(times):
            began = time.process_time()
            result = made[0]()
            seconds.append(time.process_time() - began)
        return seconds, result

    return run


def serve(versions, works):
    """Says hello, then answers lines `WORK TIMES` until there are no more. Works give (seconds, result) for a number of times."""
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        work, times = line.split()
        try:
            seconds, result = works[work](int(times))
            file = f"{NAME}-{work}.f64"
            numpy.ascontiguousarray(result, dtype="<f8").tofile(os.path.join(FOLDER, file))
            answer = {"seconds": [float(s) for s in seconds], "result": file}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
