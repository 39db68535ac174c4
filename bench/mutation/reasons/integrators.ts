import type { Reason } from "../reasons.ts";

const BEYOND = "what is written beyond the end of a typed array is lost";
const LOADS =
  "the package does not load with it, so that no test begins: it is those that fail which Stryker counts";

/** A source and the text of the facts of its method, as far as results have it. */
const METHODS: readonly (readonly [method: string, facts: string])[] = [
  [
    "blanes-moan-4",
    '{ name: "blanes-moan-4", order: 4, reversible: true, first: "kick", kicks: palindrome([B1, B2, B3...',
  ],
  [
    "forest-ruth",
    '{ name: "forest-ruth", order: 4, reversible: true, first: "drift", kicks: palindrome([THETA], 1 -...',
  ],
  [
    "pefrl",
    '{ name: "pefrl", order: 4, reversible: true, first: "drift", kicks: palindrome([(1 - 2 * LAMBDA) ...',
  ],
  [
    "position-verlet",
    '{ name: "position-verlet", order: 2, reversible: true, first: "drift", kicks: [1], drifts: [0.5, ...',
  ],
  [
    "symplectic-euler",
    '{ name: "symplectic-euler", order: 1, reversible: false, first: "kick", kicks: [1], drifts: [1], }',
  ],
  [
    "velocity-verlet",
    '{ name: "velocity-verlet", order: 2, reversible: true, first: "kick", kicks: [0.5, 0.5], drifts: ...',
  ],
  [
    "yoshida-6",
    '{ name: "yoshida-6", order: 6, reversible: true, first: "kick", kicks: palindrome([W3 / 2, (W3 + ...',
  ],
];

const source = (name: string): string => `packages/integrators/src/${name}.ts`;

/** Of `packages/integrators`. */
export const integrators: readonly Reason[] = [
  ...METHODS.map(
    ([method, facts]): Reason => ({ file: source(method), why: LOADS, changes: [[facts, "{}"]] }),
  ),
  ...["forest-ruth", "pefrl", "position-verlet"].map(
    (method): Reason => ({
      file: source(method),
      why: "what does not begin with a kick begins with a drift",
      changes: [['"drift"', '""']],
    }),
  ),
  { file: source("runge-kutta-4"), why: BEYOND, changes: [["k < n", "k <= n"]] },
  {
    file: source("splitting"),
    why: BEYOND,
    changes: [["i < acceleration.length", "i <= acceleration.length"]],
  },
  {
    file: source("divergence"),
    why: "the last particle has no partner behind it",
    changes: [["i < length", "i <= length"]],
  },
  {
    file: source("exact-momentum"),
    why: BEYOND,
    changes: [
      ["k < size", "k <= size"],
      ["i < masses.length", "i <= masses.length"],
    ],
  },
  {
    file: source("exact-momentum"),
    why: "that it gives impulses was asked at the start",
    changes: [
      [
        "potential.addImpulses?.(system, positions, time, grid, impulses)",
        "potential.addImpulses(system, positions, time, grid, impulses)",
      ],
    ],
  },
  {
    file: source("dormand-prince"),
    why: BEYOND,
    changes: [["k < 2 * n", "k <= 2 * n"]],
  },
  {
    file: source("dormand-prince"),
    why: "nothing comes before the first stage",
    changes: [["[]", '["Stryker was here"]']],
  },
  {
    file: source("dormand-prince"),
    why: "of an error without end the smallest change is what comes out either way",
    changes: [["error < Number.POSITIVE_INFINITY", "error <= Number.POSITIVE_INFINITY"]],
  },
  {
    file: source("dormand-prince"),
    why: "errors are squared",
    changes: [
      [
        "e += (E[s] as number) * ((rates[s] as Phase).all[k] as number)",
        "e -= (E[s] as number) * ((rates[s] as Phase).all[k] as number)",
      ],
    ],
  },
  {
    file: source("dormand-prince"),
    why: "which side of a bound the bound itself is on is promised nowhere",
    changes: [
      [
        "Math.abs(step) > SMALLEST_STEP * Math.abs(dt)",
        "Math.abs(step) >= SMALLEST_STEP * Math.abs(dt)",
      ],
      ["error <= 1", "error < 1"],
    ],
  },
  {
    file: source("dormand-prince"),
    why: "to divide by 1 or -1 is to multiply by it",
    changes: [["(reached - dt) * forward", "(reached - dt) / forward"]],
  },
];
