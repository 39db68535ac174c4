import type { DocumentTable } from "../../data/document.ts";
import { formatNumber } from "../../data/number-text.ts";
import type { StartState, StateValues } from "../../data/results.ts";
import { START_TITLES, type StartName } from "../experiment/experiment.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { allLaws, bySystem, lawsJobs } from "../results/laws.ts";
import type { Part } from "./part.ts";
import { studyTable } from "./spec.ts";

/** The systems, their data, and every start in full. */
export const startsPart: Part = {
  name: "starts",
  title: "Systems, data and starts",
  paper:
    "A.6 gives the starts of the training data. The starts of the runs that are judged, those of six and eight bodies among them, are not given; nor are stiffness, rest length and G.",
  jobs: lawsJobs,
  present(results, settings) {
    const laws = allLaws(results, settings);
    const facts = studyTable(
      "The true systems (reduced units, k = q0 = G = m = 1, velocity Verlet with dt = 0.01)",
      laws,
      [
        ["system", ({ title }) => title],
        ["H of the training start", ({ startValues: { train } }) => energy(train), "right"],
        ["H of the test start", ({ startValues: { test } }) => energy(test), "right"],
        ["Verlet's own error of H, test run", ({ trueDrift }) => formatNumber(trueDrift), "right"],
        ["records", ({ system }) => String(settings.records[system]), "right"],
        [
          "separations in training",
          ({ separations: { ranges } }) =>
            ranges.map(([from, to]) => `${from.toFixed(3)} to ${to.toFixed(3)}`).join(" and "),
        ],
      ],
      { wrap: true },
    );
    const starts = laws.flatMap(({ system, title, starts: own, larger, harder }) => [
      { system, title, name: "train", what: "training start (A.6)", state: own.train },
      ...(Object.keys(START_TITLES) as StartName[]).map((name) => ({
        system,
        title,
        name: name as string,
        what: START_TITLES[name],
        state: own[name],
      })),
      { system, title, name: "larger", what: `${larger.bodies} bodies`, state: larger.start },
      ...(harder === null
        ? []
        : [
            {
              system,
              title,
              name: "harder",
              what: `${harder.bodies} bodies, hard start`,
              state: harder.start,
            },
          ]),
    ]);
    return {
      found: [
        "With k = q0 = G = 1 the forces of the A.6 runs end where the axes of Fig. 6 do, so these are the constants used. Training: 100 segments of 20 records of one run from the A.6 start, each with the position and velocity it starts from; the 20 segments that follow validate. No run below starts from a state that any training used. The starts are printed in full, and are files in starts/ that mclnn simulate --initial takes.",
      ],
      blocks: [
        { kind: "table", table: facts },
        ...SYSTEMS.map((system) => ({
          kind: "table" as const,
          table: startTable(starts.filter((each) => each.system === system)),
        })),
      ],
      data: [],
      numbers: bySystem(laws, ({ startValues, trueDrift, separations, starts: own }) => ({
        startValues,
        trueDrift,
        separations,
        starts: own,
      })),
      files: starts.map(({ system, name, state }) => ({
        name: `starts/${system}-${name}.json`,
        contents: `${JSON.stringify({ masses: state.positions.map(() => 1), ...state }, null, 2)}\n`,
      })),
    };
  },
};

function energy({ hamiltonian }: StateValues): string {
  return (hamiltonian as number).toFixed(4);
}

function startTable(
  starts: readonly { readonly title: string; readonly what: string; readonly state: StartState }[],
): DocumentTable {
  return {
    caption: `Starts of the ${starts[0]?.title} systems, all masses 1`,
    columns: [{ title: "start" }, { title: "positions" }, { title: "velocities" }],
    rows: starts.flatMap(({ what, state }) =>
      state.positions.map((position, i) => [
        i === 0 ? what : "",
        position.join(", "),
        (state.velocities[i] as readonly number[]).join(", "),
      ]),
    ),
    wrap: true,
  };
}
