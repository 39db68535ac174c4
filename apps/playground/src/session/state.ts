/** What the page is in, one name at a time, for its texts and its tests. */
export type StateName =
  | "empty"
  | "playing"
  | "paused"
  | "recording"
  | "learning"
  | "too-little"
  | "learned"
  | "guessing"
  | "revealed"
  | "testing"
  | "diverged"
  | "escaped"
  | "file"
  | "refused";

export interface Facts {
  readonly ready: boolean;
  readonly playing: boolean;
  readonly recording: boolean;
  readonly learning: boolean;
  readonly hasLaw: boolean;
  readonly tooLittle: boolean;
  readonly guessing: boolean;
  readonly revealed: boolean;
  readonly testing: boolean;
  readonly diverged: boolean;
  readonly escaped: boolean;
  readonly file: boolean;
  readonly refused: boolean;
}

/** The first that holds, from what needs an answer to what only goes on. */
const ORDER: readonly (readonly [StateName, (facts: Facts) => boolean])[] = [
  ["empty", ({ ready }) => !ready],
  ["refused", ({ refused }) => refused],
  ["diverged", ({ diverged }) => diverged],
  ["testing", ({ testing }) => testing],
  ["guessing", ({ guessing }) => guessing],
  ["escaped", ({ escaped, recording }) => escaped && recording],
  ["recording", ({ recording }) => recording],
  ["learning", ({ learning }) => learning],
  ["too-little", ({ tooLittle }) => tooLittle],
  ["revealed", ({ revealed, hasLaw }) => revealed && hasLaw],
  ["learned", ({ hasLaw }) => hasLaw],
  ["file", ({ file }) => file],
  ["playing", ({ playing }) => playing],
];

export function stateOf(facts: Facts): StateName {
  return ORDER.find(([, holds]) => holds(facts))?.[0] ?? "paused";
}
