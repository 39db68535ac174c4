import { MclnnError } from "@mclnn/physics";
import {
  checkArgument,
  described,
  dictionaryOf,
  listOf,
  optional,
  type Requirement,
} from "@mclnn/physics/arguments";

/** Numbers in order; NaN, infinities and nothing are gaps. */
const gapped: Requirement = (argument, value) => {
  checkArgument(argument, value, "list");
  const numbers = value as ArrayLike<unknown>;
  for (let k = 0; k < numbers.length; k++)
    if (numbers[k] != null && typeof numbers[k] !== "number")
      throw new MclnnError(`${argument} cannot be drawn`, {
        code: "bad-argument",
        argument,
        expected: "numbers",
        got: `${described(numbers[k])} at index ${k}`,
      });
};

const byName = dictionaryOf(optional(gapped));
const run = {
  times: gapped,
  values: byName,
  ownHamiltonian: optional(gapped),
  errors: optional(byName),
  path: optional({ times: gapped, positions: gapped }),
} as const;
const chaos = { offset: "number", times: gapped, errors: byName } as const;
const ranges = listOf("numbers");
const law = {
  energy: gapped,
  slope: gapped,
  slopeSd: optional(gapped),
  energySd: optional(gapped),
};

/** What figures are drawn from. */
export const RUN_COMPARISON: Requirement = {
  truth: run,
  models: dictionaryOf(run),
  chaos: optional(chaos),
  closer: optional(listOf(chaos)),
};
export const LAW_SERIES: Requirement = {
  separations: gapped,
  trainingRanges: ranges,
  histogram: optional({ edges: gapped, counts: gapped }),
  truth: optional(law),
  models: dictionaryOf(law),
};
export const TRAINING_SERIES: Requirement = dictionaryOf({
  seconds: gapped,
  loss: gapped,
  iterations: optional(gapped),
  validationLoss: optional(gapped),
  lossKind: ["rollout", "acceleration", undefined],
});
export const FIGURE_OPTIONS: Requirement = {
  system: "text?",
  titles: optional(dictionaryOf("text")),
  truth: "text?",
};
export const BODIES: Requirement = { particles: "count", dimension: "dimension" };

/** A figure that has been drawn. */
export const FIGURE: Requirement = {
  name: "text",
  title: "text",
  description: "text",
  note: "text?",
  columns: "count",
  lead: "flag?",
  legend: listOf({
    label: "text",
    kind: ["line", "shade", "ring", "disc"],
    stroke: { colour: "text", width: "number" },
  }),
  panels: listOf({
    width: "positive",
    height: "positive",
    heading: "text",
    description: "text",
    content: "text",
  }),
};

const axis = {
  log: "flag?",
  domain: optional("numbers"),
  at: optional("numbers"),
} as const;

/** A figure to be drawn. */
export const PLOT_PLAN: Requirement = {
  name: "text",
  title: "text",
  description: "text",
  note: "text?",
  columns: "count?",
  shade: "text?",
  panels: listOf({
    heading: "text",
    x: { label: "text", ...axis },
    y: optional(axis),
    square: "flag?",
    levels: optional("numbers"),
    shades: optional(ranges),
    series: listOf({
      label: "text",
      look: "text?",
      dashed: "flag?",
      x: gapped,
      y: gapped,
      kind: ["curve", "envelope", "path", "points", undefined],
      band: optional(listOf(gapped)),
    }),
  }),
};

const KINDS = [
  "text",
  "heading",
  "quote",
  "code",
  "failure",
  "facts",
  "folded",
  "verdict",
  "table",
  "figure",
];

const block: Requirement = (argument, value) => {
  checkArgument(argument, value, { kind: KINDS });
  const { kind } = value as { readonly kind: string };
  if (kind === "facts")
    checkArgument(argument, value, { rows: listOf(listOf("text")), small: "flag?" });
  else if (kind === "folded")
    checkArgument(argument, value, { text: "text", rows: listOf(listOf("text")) });
  else if (kind === "verdict")
    checkArgument(argument, value, {
      text: "text",
      verdict: "text",
      number: "text",
      figure: "text?",
    });
  else if (kind === "table")
    checkArgument(argument, value, {
      table: {
        caption: "text",
        columns: listOf({ title: "text", align: ["left", "right", undefined] }),
        rows: listOf(listOf("text")),
        wrap: "flag?",
        tones: optional(listOf(["pale", "bad", undefined])),
        failures: optional(listOf(listOf("flag"))),
      },
    });
  else if (kind === "figure") checkArgument(argument, value, { figure: FIGURE, text: "text?" });
  else checkArgument(argument, value, { text: "text" });
};

/** A page of free form. */
export const DOCUMENT: Requirement = {
  title: "text",
  introduction: listOf("text"),
  sections: listOf({ id: "text?", title: "text", folded: "flag?", blocks: listOf(block) }),
  footer: "text",
};
