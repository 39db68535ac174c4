import type { TrajectorySet } from "@mclnn/datasets";
import type { KnownTerm, TermResult, TrainResult } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { createTerm, knownCoefficients } from "@mclnn/physics/terms";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";

/** Terms that are given, from texts as `field 0,-9.81,0`: a name, and its constants in the order of `mclnn systems`. @throws MclnnError `bad-option` */
export function knownTerms(texts: readonly string[], data: TrajectorySet): KnownTerm[] {
  return texts.map((text): KnownTerm => {
    const [name = "", ...rest] = text.trim().split(/\s+/);
    const numbers = rest.join("").split(",");
    if (rest.length === 0 || numbers.some((n) => n === "" || !Number.isFinite(Number(n))))
      throw new MclnnError("--known cannot be used", {
        code: "bad-option",
        argument: "--known",
        expected: 'a term and its constants, for example "field 0,-9.81,0"',
        got: JSON.stringify(text),
      });
    const spec = { name };
    return { spec, coefficients: knownCoefficients(createTerm(spec, data), numbers.map(Number)) };
  });
}

/** Rows of the table: each constant with its error bar. */
export function termRows({ terms = [] }: TrainResult): [string, string][] {
  return terms.flatMap(({ name, status, constants }) =>
    status === "hint" || name === "pair"
      ? []
      : constants.length === 0
        ? [[name, `a function: mclnn law --term ${name}`] as [string, string]]
        : constants.map(({ name: constant, value, sd }): [string, string] => {
            const values = typeof value === "number" ? [value] : value;
            const deviations = sd === null ? null : typeof sd === "number" ? [sd] : sd;
            const texts = values.map((x, k) =>
              deviations === null
                ? formatNumber(x, 6)
                : `${formatNumber(x, 6)} ± ${formatNumber(deviations[k] as number, 2)}`,
            );
            const given = deviations === null ? " (given)" : "";
            return [`${name}: ${constant}`, `${texts.join(", ")}${given}`];
          }),
  );
}

/** `drag 0.1000(4)`, `field (0.3003(2), -0.5002(2))`, `trap k 0.5000(4), centre (0.400(1), -0.300(1))`. */
function termText({ name, constants }: TermResult): string {
  const texts = constants.map(({ name: own, value, sd }) => {
    const text =
      typeof value === "number"
        ? formatMeasured(value, sd as number | null)
        : `(${value.map((x, k) => formatMeasured(x, sd === null ? null : (sd as readonly number[])[k])).join(", ")})`;
    return constants.length === 1 ? text : `${own} ${text}`;
  });
  return [name, ...(texts.length > 0 ? [texts.join(", ")] : [])].join(" ");
}

/** The law in words: `a pair law, drag 0.1000(4)`. */
export function termWords({ terms = [] }: TrainResult): string {
  const beside = terms.filter(({ name, status }) => name !== "pair" && status !== "hint");
  return ["a pair law", ...beside.map(termText)].join(", ");
}

/** What may be there, and the law does without. */
export function hintWords({ terms = [] }: TrainResult): string[] {
  const law = terms.filter(({ status }) => status !== "hint").map(({ name }) => name);
  return terms
    .filter(({ status }) => status === "hint")
    .map(
      (term) =>
        `a hint of ${termText(term)}: it brings log evidence ${formatNumber(term.gain)}, of 10 that are asked for; --terms ${[...law, term.name].join(",")} learns it`,
    );
}

/** What was looked for and is not there, with how large it can be; null where nothing was looked for. */
export function notSeenWords({ notSeen = [] }: TrainResult): string | null {
  if (notSeen.length === 0) return null;
  const limits = notSeen.map(
    ({ name, limit, share }) =>
      `${name} ${formatNumber(limit)}${share < ALIKE ? " (the law does nearly the same)" : ""}`,
  );
  return `Nothing else is seen, and would be above: ${limits.join(", ")}.`;
}

/** Share of what a term does beside the law from which on the two are told apart. */
const ALIKE = 1e-3;
/** Standard deviations within which two constants are the same. */
const SAME = 4;

const both = (a: number, b: number): number => Math.sqrt(a * a + b * b);

/** What the same motion is called elsewhere: a field and drag are a wind; a trap that pushes and a force across the velocity are a frame that turns. */
export function otherNames({ terms = [] }: TrainResult): string[] {
  const found = new Map(
    terms.filter(({ status }) => status !== "hint").map((term) => [term.name, term.constants]),
  );
  const numbersOf = (term: string, constant: number) => {
    const { value, sd } = found.get(term)?.[constant] ?? { value: [], sd: null };
    const values = [value].flat() as number[];
    const deviations = sd === null ? null : ([sd].flat() as number[]);
    return values.map((x, k) => ({ x, sd: deviations?.[k] ?? null }));
  };
  const out: string[] = [];
  const [gamma] = numbersOf("drag", 0);
  const field = numbersOf("field", 0);
  if (gamma !== undefined && field.length > 0) {
    const wind = field.map(({ x, sd }) => {
      const u = x / gamma.x;
      const off = both((sd ?? 0) / gamma.x, (u * (gamma.sd ?? 0)) / gamma.x);
      return formatMeasured(u, sd === null ? null : off);
    });
    out.push(`The field and the drag are the same as drag in a wind of (${wind.join(", ")}).`);
  }
  const across = numbersOf("magnetic", 0);
  const [k] = numbersOf("trap", 0);
  if (across.length === 1 && k !== undefined) {
    const [{ x: b, sd }] = across as [{ x: number; sd: number | null }];
    const turn = b / 2;
    const off = both(k.sd ?? 0, turn * (sd ?? 0));
    if (Math.abs(k.x + turn * turn) <= Math.max(SAME * off, 1e-9 * turn * turn)) {
      const centre = numbersOf("trap", 1).map((c) => formatMeasured(c.x, c.sd));
      const at = formatMeasured(turn, sd === null ? null : sd / 2);
      out.push(
        `The magnetic force and the trap, k = -(B / 2)^2, are those of a frame that turns at ${at} about (${centre.join(", ")}).`,
      );
    }
  }
  return out;
}

/** Who feels whom, in words; null where all pairs do alike. */
export function bondWords({ bonds = null }: TrainResult): string | null {
  if (bonds === null) return null;
  const texts = bonds.map(([i, j, weight, sd]) => `${i}-${j} ${formatMeasured(weight, sd)}`);
  const fixed = bonds.some(([, , , sd]) => sd !== null)
    ? "; the largest, which fixes the scale, is 1"
    : "";
  return `${bonds.length === 1 ? "1 bond" : `${bonds.length} bonds`} between particles counted from 0: ${texts.join(", ")}${fixed}.`;
}
