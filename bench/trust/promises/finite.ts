import {
  encodeTrajectorySet,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { type Integrator, integrators, rolloutIterator } from "@mclnn/integrators";
import { type TrainingState, train } from "@mclnn/learning";
import { encodeCheckpoint } from "@mclnn/learning/parts";
import { encodeModel, type Model } from "@mclnn/models";
import {
  createSystem,
  isMclnnError,
  lennardJones,
  linearSpring,
  MclnnError,
  type PairPotential,
  pairwise,
  quarticSpring,
} from "@mclnn/physics";
import { threeBodies } from "../laws.ts";
import type { Promised, Tally } from "../promise.ts";
import { keptRun, RESTART_CASES } from "../restart-problem.ts";

/** The adaptive one shortens its steps instead. */
const METHODS = integrators.filter(({ name }) => !name.startsWith("dormand-prince"));
/** Laws, and time steps at which no method follows them. */
const STEPS: readonly [PairPotential, number][] = [
  [linearSpring(), 4],
  [linearSpring(), 40],
  [quarticSpring(), 2],
  [quarticSpring(), 30],
  [lennardJones(), 5],
];
const MOST_STEPS = 5000;

export const finite: Promised = {
  name: "finite",
  promise:
    "No silent NaN: what is not finite is an error that names law, step, particles and separation; training goes back 5 times; no writer takes NaN",
  async check(_, tally) {
    for (const integrator of METHODS)
      for (const [pair, dt] of STEPS) diverging(integrator, pair, dt, tally);
    randomStarts(tally);
    await retreats(tally);
    await writers(tally);
  },
};

/** A run that leaves all bounds: states are finite up to the step that the error names, whatever the stride. */
function diverging(integrator: Integrator, pair: PairPotential, dt: number, tally: Tally): void {
  const { system, start } = threeBodies(pair);
  const steps = [1, 7].map((stride) => {
    let seen = 0;
    try {
      for (const state of rolloutIterator(system, start, { dt, stride, integrator })) {
        if (![...state.positions, ...state.velocities].every(Number.isFinite))
          return "a state that is not finite";
        if (++seen * stride > MOST_STEPS) return "no end";
      }
    } catch (error) {
      if (!isMclnnError(error) || error.code !== "diverged") return String(error);
      const { message } = error;
      const step = Number(/ in step (\d+)/.exec(message)?.[1]);
      const told =
        (message.includes(pair.name) || /separation|coincide/.test(message)) &&
        /particles \d and \d were [\d.e+-]+ apart/.test(message);
      // With every step yielded, the last state seen is the one before.
      return told && (stride !== 1 || step === seen) ? step : message;
    }
    return "an end";
  });
  tally.expect(
    steps[0] === "no end" ? steps[1] === "no end" : steps[0] === steps[1] && Number(steps[0]) > 0,
    `${integrator.name}, ${pair.name}, dt ${dt}: ${steps.join(" / ")}`,
  );
}

function randomStarts(tally: Tally): void {
  const { masses, pair, trainStart } = experimentByName("quartic-spring");
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  let said = "";
  try {
    generateTrajectories({ system, start: trainStart, scheme: "random", dt: 5, trajectories: 3 });
  } catch (error) {
    said = String(error);
  }
  tally.expect(/trajectory 0, .*in step \d+/.test(said), `random starts: ${said}`);
}

/** Training at rates that some, or none, of the five retreats make up for. */
async function retreats(tally: Tally): Promise<void> {
  const row = RESTART_CASES.find(({ name }) => name.includes("stops being finite"));
  for (const [learningRate, stopped] of [
    [row?.options.learningRate as number, "epochs"],
    [1e80, "diverged"],
  ] as const) {
    const { result } = await keptRun({ ...row?.options, learningRate });
    const { retreats: made, trainLoss } = result;
    tally.expect(
      result.stopped === stopped &&
        made.length > 0 &&
        made.length <= 5 &&
        Number.isFinite(trainLoss) &&
        made.every(({ reason, softer }) => /loss|gradient/.test(reason) && softer !== ""),
      `rate ${learningRate}: ${result.stopped}, loss ${trainLoss}, ${JSON.stringify(made)}`,
    );
    encodeModel(result.model);
  }
}

/** Puts NaN and infinity in each place that holds numbers, and writes. */
async function writers(tally: Tally): Promise<void> {
  const { masses, pair, trainStart } = experimentByName("linear-spring");
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const data = generateTrajectories({ system, start: trainStart, trajectories: 3, records: 6 });
  const models: Model[] = [];
  for (const options of [
    { until: 1e-3, hidden: [4] },
    { model: "spline" },
    { model: "lnn", optimizer: "adam", epochs: 3, hidden: [3] },
  ] as const)
    models.push((await train(data, options)).model);
  const [adam] = RESTART_CASES;
  const { states } = await keptRun({ ...adam?.options, epochs: 4 });
  const state = states.at(-1) as TrainingState;
  const rows: [string, object, (value: object) => unknown][] = [
    ["trajectories", data, (value) => encodeTrajectorySet(value as TrajectorySet)],
    ...models.map((model): [string, object, (value: object) => unknown] => [
      `model ${model.kind}`,
      model,
      (value) => encodeModel(value as Model),
    ]),
    [
      "checkpoint",
      state,
      (value) => encodeCheckpoint({ config: {}, state: value as TrainingState }),
    ],
  ];
  for (const [name, value, write] of rows)
    for (const [place, broken] of brokenAt(value)) {
      let said: unknown = "written";
      try {
        write(broken);
      } catch (error) {
        said = error;
      }
      tally.expect(said instanceof MclnnError || isMclnnError(said), `${name}.${place}: ${said}`);
    }
}

/** Parts of a model that are made anew from others, and are not written. */
const NOT_WRITTEN = ["pair", "potential", "parameterCount", "table"];

/** Copies of a value with NaN in one of its places, and the places' names. */
function* brokenAt(value: object, path = ""): Generator<[string, object]> {
  for (const [key, each] of Object.entries(value)) {
    if (NOT_WRITTEN.includes(key)) continue;
    const place = `${path}${key}`;
    const put = (broken: unknown): object =>
      Array.isArray(value)
        ? value.map((item, k) => (String(k) === key ? broken : item))
        : { ...value, [key]: broken };
    if (typeof each === "number") yield [place, put(Number.NaN)];
    else if (each instanceof Float64Array)
      for (const index of new Set([0, each.length >> 1, each.length - 1])) {
        if (each.length > 0)
          yield [`${place}[${index}]`, put(each.map((x, k) => (k === index ? Number.NaN : x)))];
      }
    // Lists of plain numbers are descriptions, but for those in lists, as ranges are.
    else if (Object(each) === each) {
      if (Array.isArray(each) && !Array.isArray(value) && each.every((x) => Object(x) !== x))
        continue;
      for (const [inner, broken] of brokenAt(each as object, `${place}.`))
        yield [inner, put(broken)];
    }
  }
}
