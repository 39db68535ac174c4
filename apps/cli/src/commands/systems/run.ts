import { type Experiment, experiments } from "@mclnn/datasets";
import { type Format, formats } from "@mclnn/datasets/formats";
import { type Integrator, integrators } from "@mclnn/integrators";
import { builtInPotentials } from "@mclnn/physics/potentials";
import { type TermKind, terms } from "@mclnn/physics/terms";
import { startNames } from "../../inputs/system.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { formatTable } from "../../terminal/table.ts";

/** A key in JSON, its value, and the column of the table that shows it, where one does. */
type Field<T> = readonly [
  key: string,
  of: (item: T) => unknown,
  column?: {
    readonly title: string;
    readonly align?: "right";
    readonly text?: (item: T) => string;
  },
];

const yes = (value: boolean): string => (value ? "yes" : "no");
const right = (title: string) => ({ title, align: "right" }) as const;

const SYSTEM: readonly Field<Experiment>[] = [
  ["name", ({ name }) => name, { title: "name" }],
  ["title", ({ title }) => title, { title: "title" }],
  ["potential", ({ pair }) => pair.name, { title: "potential" }],
  ["parameters", ({ pair }) => pair.parameters ?? {}],
  ["particles", ({ masses }) => masses.length, right("bodies")],
  ["dimension", ({ dimension }) => dimension],
  ["dt", ({ dt }) => dt, right("dt")],
  ["stride", ({ stride }) => stride, right("stride")],
  ["records", ({ records }) => records],
  ["trajectories", ({ trajectories }) => trajectories],
  ["starts", () => startNames],
];

const POTENTIAL: readonly Field<(typeof builtInPotentials)[number]>[] = [
  ["name", ({ name }) => name, { title: "name" }],
  ["formula", ({ formula }) => formula, { title: "V(r)" }],
  [
    "parameters",
    ({ parameters }) => parameters,
    {
      title: "parameters and defaults",
      text: ({ parameters }) =>
        Object.entries(parameters)
          .map(([parameter, value]) => `${parameter}=${value}`)
          .join(","),
    },
  ],
];

const INTEGRATOR: readonly Field<Integrator>[] = [
  ["name", ({ name }) => name, { title: "name" }],
  ["order", ({ order }) => order, right("order")],
  ["forceEvaluations", ({ forceEvaluations }) => forceEvaluations, right("forces a step")],
  [
    "symplectic",
    ({ symplectic }) => symplectic,
    { title: "symplectic", text: ({ symplectic }) => yes(symplectic) },
  ],
  [
    "reversible",
    ({ reversible }) => reversible,
    { title: "reversible", text: ({ reversible }) => yes(reversible) },
  ],
  ["adaptive", ({ adaptive }) => adaptive],
];

const TERM: readonly Field<TermKind>[] = [
  ["name", ({ name }) => name, { title: "name" }],
  ["summary", ({ summary }) => summary, { title: "what it is" }],
  ["family", ({ family }) => family, { title: "family" }],
  ["conserves", ({ conserves }) => conserves],
];

const FORMAT: readonly Field<Format>[] = [
  ["name", ({ name }) => name, { title: "name" }],
  [
    "endings",
    ({ endings }) => endings,
    { title: "endings", text: ({ endings }) => endings.join(" ") },
  ],
  [
    "written",
    ({ write }) => write !== undefined,
    { title: "written", text: ({ write }) => yes(write !== undefined) },
  ],
];

/** Lists what there is by name. */
export async function systems({ terminal }: Session): Promise<ExitCode> {
  const { bold } = terminal.colours;
  const table = <T>(items: readonly T[], fields: readonly Field<T>[]): string => {
    const shown = fields.flatMap(([, of, column]) =>
      column === undefined
        ? []
        : [{ ...column, cell: column.text ?? ((item: T) => `${of(item)}`) }],
    );
    const rows = items.map((item) => shown.map(({ cell }) => cell(item)));
    return formatTable(shown, rows, bold);
  };
  const list = <T>(items: readonly T[], fields: readonly Field<T>[]): object[] =>
    items.map((item) => Object.fromEntries(fields.map(([key, of]) => [key, of(item)])));
  terminal.print(
    [
      `${bold("Systems")} (--system NAME; starts: ${startNames.join(", ")})`,
      table(experiments, SYSTEM),
      `${bold("Potentials")} (--potential name:parameter=value,...; or a formula in r; or a path to a module)`,
      table(builtInPotentials, POTENTIAL),
      `${bold("Integrators")} (--integrator NAME)`,
      table(integrators, INTEGRATOR),
      `${bold("Terms")} (--terms pair,NAME,...; what a law may have beside its pairs)`,
      table(terms, TERM),
      `${bold("Formats")} (of trajectories; all are read, told by what a file holds)`,
      table(formats, FORMAT),
    ].join("\n\n"),
  );
  terminal.printJson({
    systems: list(experiments, SYSTEM),
    potentials: list(builtInPotentials, POTENTIAL),
    integrators: list(integrators, INTEGRATOR),
    terms: list(terms, TERM),
    formats: list(formats, FORMAT),
  });
  return DONE;
}
