import { createRandom, type Random } from "@mclnn/datasets";
import { isMclnnError } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { ESCAPES } from "./escapes.ts";
import { isFormula } from "./grammar.ts";

/** Pieces that formulas are made of, and pieces that they are not. */
const PIECES: readonly string[] = [
  ..."r + - * / ^ ( ) ; = 1 2 0.5 .5 1e3 1e-3 pi e eps s a sqrt( exp( sin( log( abs(".split(" "),
  ..."eps=1 s=2;a=-3 a=1e3 1e999 ** . , [ ] { } ' \" ` $ # @ ! ? : < > | & % ~ \\ =>".split(" "),
  ..."constructor __proto__ toString this new function return process import eval".split(" "),
  " ",
  "\t",
  "\n",
  "\u0000",
  "\u200b",
  "\uff08",
];

/** What came of reading many texts as formulas. */
export interface FormulaFuzzResult {
  readonly cases: number;
  readonly accepted: number;
  readonly failures: readonly string[];
}

/** Reads texts at random, and those that have broken other languages: accepted is what {@link isFormula} accepts too, and gives a number. */
export function fuzzFormulas(cases: number, seed: number): FormulaFuzzResult {
  const random = createRandom(seed);
  const failures: string[] = [];
  let accepted = 0;
  for (let k = 0; k < cases + ESCAPES.length && failures.length < 5; k++) {
    const text = k < ESCAPES.length ? ESCAPES[k] : randomText(random);
    const outcome = read(text);
    if (outcome === "accepted") accepted++;
    if (outcome === "accepted" && k < ESCAPES.length)
      failures.push(`accepted: ${JSON.stringify(text)}`);
    else if (outcome === "accepted" && !isFormula(text))
      failures.push(`accepted, and no formula: ${JSON.stringify(text)}`);
    else if (outcome === "refused" && isFormula(text))
      failures.push(`refused, and a formula: ${JSON.stringify(text)}`);
    else if (outcome !== "accepted" && outcome !== "refused")
      failures.push(`${outcome}: ${JSON.stringify(text)}`);
  }
  return { cases: cases + ESCAPES.length, accepted, failures };
}

function randomText(random: Random): string {
  let text = "";
  for (let k = 1 + random.integer(12); k > 0; k--)
    text +=
      random.integer(40) === 0
        ? String.fromCodePoint(random.integer(0x3000))
        : PIECES[random.integer(random.integer(3) === 0 ? PIECES.length : 25)];
  return text;
}

function read(text: string): string {
  try {
    const pair = parseFormula(text);
    for (const value of [pair.energy(1.3), pair.slope(1.3), pair.curvature?.(1.3)])
      if (typeof value !== "number") return `gave ${typeof value}`;
    return "accepted";
  } catch (error) {
    if (isMclnnError(error) && error.code === "bad-formula" && error.kind === "input")
      return "refused";
    return `threw ${String(error).slice(0, 200)}`;
  }
}
