import { expect, it } from "vitest";
import { type Facts, type StateName, stateOf } from "../src/session/state.ts";

const NOTHING: Facts = {
  ...{ ready: true, playing: false, recording: false, learning: false, hasLaw: false },
  ...{ tooLittle: false, guessing: false, revealed: false, testing: false, diverged: false },
  ...{ escaped: false, file: false, refused: false },
};

const TABLE: readonly (readonly [StateName, Partial<Facts>])[] = [
  ["empty", { ready: false, playing: true }],
  ["paused", {}],
  ["playing", { playing: true }],
  ["recording", { playing: true, recording: true, learning: true, hasLaw: true }],
  ["escaped", { playing: true, recording: true, escaped: true }],
  ["playing", { playing: true, escaped: true }],
  ["learning", { playing: true, learning: true }],
  ["too-little", { playing: true, tooLittle: true }],
  ["learned", { playing: true, hasLaw: true }],
  ["guessing", { playing: true, guessing: true, hasLaw: true }],
  ["revealed", { revealed: true, hasLaw: true }],
  ["playing", { playing: true, revealed: true }],
  ["testing", { testing: true, hasLaw: true, revealed: true }],
  ["diverged", { diverged: true, hasLaw: true }],
  ["file", { file: true }],
  ["learned", { file: true, hasLaw: true }],
  ["refused", { refused: true, file: true, hasLaw: true }],
];

it.each(TABLE)("%s: %j", (name, facts) => {
  expect(stateOf({ ...NOTHING, ...facts })).toBe(name);
});
