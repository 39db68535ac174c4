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
