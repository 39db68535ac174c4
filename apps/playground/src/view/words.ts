import type { Page } from "../session/page.ts";
import type { StateName } from "../session/state.ts";

export const TITLE = "Learn the law from motion";
const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six"];

/** What the page says in each state. */
export const SAYS: Readonly<Record<StateName, (page: Page) => string>> = {
  empty: () => "Loading.",
  playing: ({ session }) =>
    `${NUMBERS[session.scene.value.dots]} dots push and pull each other by a law you cannot see. Record them, and this page finds it.`,
  paused: () =>
    "Nothing moves. Drag a dot, or the tip of its arrow, or press Play. Record starts the motion too.",
  recording: ({ session }) =>
    session.law.value === null
      ? `Recording, ${session.records.value} positions so far. Too early to say.`
      : `Recording, ${session.records.value} positions so far. Narrow where it has looked, wide where it has not.`,
  escaped: ({ session }) =>
    `A dot left the stage. Its throw is kept, ${session.records.value} positions so far, and the next one has begun.`,
  learning: ({ session, file }) =>
    file.value === null
      ? `Learning from ${session.records.value} positions.`
      : "Learning from your file. Large or noisy files take a while.",
  "too-little": ({ refusal }) => {
    const more = refusal.value?.addRecords;
    return more === undefined
      ? (refusal.value?.message ?? "")
      : `Too little to say: ${more} more positions of each throw are needed. Record on.`;
  },
  learned: ({ session, file, law }) =>
    law.value?.findings.some(({ term }) => term !== null)
      ? "Something else than a law of pairs is at work here. See what was found."
      : file.value === null
        ? `It never saw the law, only positions ${noiseWords(session.scene.value.noise)}. The band is where the law should lie, 95 times in 100.`
        : "The law of your file, with the band where it should lie, 95 times in 100.",
  guessing: ({ drawing }) =>
    drawing.value
      ? "Drag the handles: above 0 dots pull each other, below they push. Then throw dots by your law."
      : "Drag the handles to where you think the law goes. Then show the true law.",
  revealed: ({ score }) => {
    const { guess, law } = score.value;
    const learned = `The learned law misses the true one by ${percent(law)} on average`;
    return guess === null ? `${learned}.` : `${learned}, your guess by ${percent(guess)}.`;
  },
  testing: () =>
    "Dots follow the true law, rings the learned one, from a start that neither has seen.",
  diverged: () => "The dots came too close, and this run broke down. Throw them again.",
  file: () => "Your file is open.",
  refused: ({ refusal }) => refusal.value?.message ?? "",
};

function noiseWords(noise: number): string {
  return noise === 0 ? "without noise" : `with ${percent(noise)} of noise`;
}

export function percent(share: number | null): string {
  if (share === null) return "an unknown part";
  const value = 100 * share;
  return `${value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1).replace(/\.0$/, "") : value.toExponential(0)} %`;
}

/** The law on the plot, for those who do not see it. */
export function plotWords({ law, session, revealed }: Page): string {
  const now = law.value;
  if (now === null) return "Plot of the law V' against separation. No law has been learned yet.";
  const ranges = now.seen.map(([from, to]) => `${from.toFixed(2)} to ${to.toFixed(2)}`).join(", ");
  const zeros = zerosOf(now).map((r) => r.toFixed(2));
  const crosses = zeros.length > 0 ? ` It crosses zero at ${zeros.join(" and ")}.` : "";
  const error = now.error === null ? "" : ` Error bar ${percent(now.error)}.`;
  const truth = revealed.value ? ` The true law is ${session.preset.value.formula}.` : "";
  return `Law found at separations ${ranges}.${crosses}${error}${truth}`;
}

function zerosOf({
  r,
  slope,
  seen,
}: {
  r: Float64Array;
  slope: Float64Array;
  seen: readonly (readonly [number, number])[];
}): number[] {
  const out: number[] = [];
  for (let k = 1; k < r.length; k++) {
    const at = r[k] as number;
    const [a, b] = [slope[k - 1] as number, slope[k] as number];
    if (a * b < 0 && seen.some(([from, to]) => at >= from && at <= to)) out.push(at);
  }
  return out;
}

/** A number as meters show it. */
export function short(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) < 1e-3 ? value.toExponential(0) : value.toFixed(3);
}
