import { readFileSync } from "node:fs";
import path from "node:path";
import { elsewhere, provocations } from "../../errors/catalogue.ts";
import { givenBy } from "../../errors/given-by.ts";
import { meanings } from "../../errors/meanings.ts";
import { errorsPage } from "../../errors/page.ts";
import { type Message, provokeAll } from "../../errors/provocation.ts";
import { entryCalls, forgotten } from "../../errors/wrong/catalogue.ts";
import { attempts } from "../../errors/wrong/try-all.ts";
import type { Promised, Size, Tally } from "../promise.ts";

const root = path.join(import.meta.dirname, "../../..");

export const errors: Promised = {
  name: "errors",
  promise:
    "Errors are usable: wrong input through a public entry gives an MclnnError whose code, argument, expectation and mend are as committed, one for every code that input can give, all on one page; whatever else is handed to a public function gives one too, or numbers",
  async check(size, tally) {
    const committed = JSON.parse(
      readFileSync(path.join(root, "bench/errors/messages.json"), "utf8"),
    ) as Message[];
    const keyOf = (each: { package: string; code: string; by: string }): string =>
      `${each.package} ${each.code} by ${each.by}`;
    const expected = new Map(committed.map((each) => [keyOf(each), each]));
    const messages = await provokeAll(provocations);
    for (const each of messages) {
      const before = expected.get(keyOf(each));
      expected.delete(keyOf(each));
      tally.expect(each.argument !== null, () => `${keyOf(each)}: names no argument`);
      for (const key of ["message", "argument", "expected", "got", "mend", "kind"] as const)
        tally.expect(
          before !== undefined && each[key] === before[key],
          () =>
            `${keyOf(each)}: ${key} is ${JSON.stringify(each[key])}, not ${JSON.stringify(before?.[key])}; pnpm errors writes it anew`,
        );
    }
    tally.expect(
      expected.size === 0,
      () => `no longer provoked: ${[...expected.keys()].join(", ")}`,
    );

    const packages = givenBy(root);
    const codes = new Set([...packages.keys(), ...Object.keys(meanings)]);
    for (const code of codes) {
      const provoked = messages.some((each) => each.code === code);
      tally.expect(packages.has(code), `${code} is described, and nothing gives it`);
      tally.expect(code in meanings, `${code} is described nowhere`);
      tally.expect(
        provoked !== code in elsewhere,
        `${code} is ${provoked ? "provoked, and said not to be" : "neither provoked nor excused"}`,
      );
    }
    tally.expect(
      shape(readFileSync(path.join(root, "docs/errors.md"), "utf8")) ===
        shape(errorsPage(messages, packages)),
      "docs/errors.md is not what pnpm errors writes",
    );
    const mended = messages.filter(({ mend }) => mend !== null).length;
    tally.notes.push(
      `${messages.length} messages of ${codes.size} codes, ${Object.keys(elsewhere).length} of them tried elsewhere; ${mended} say more than what is expected on how to mend it`,
    );
    await tryWrongArguments(size, tally);
  },
};

/** Gets one argument after another of every public function wrong; in the tests by the likeliest mistakes, of those that compute for a while not at all. */
async function tryWrongArguments(size: Size, tally: Tally): Promise<void> {
  let tried = 0;
  for (const entry of entryCalls) {
    for (const name of forgotten(entry))
      tally.expect(
        false,
        `${entry.entry} ${name} is neither called with wrong arguments nor excused`,
      );
    for await (const { call, wrong, fault } of attempts(entry, size)) {
      tried++;
      tally.expect(fault === null, () => `${entry.entry} ${call}, ${wrong}: ${fault}`);
    }
  }
  tally.notes.push(`${tried} calls with one thing wrong`);
}

/** A page without what a formatter may change. */
function shape(page: string): string {
  return page.replaceAll(/-{3,}|\s+/g, " ");
}
