import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { isMclnnError } from "@mclnn/physics";
import { errorsOf } from "../../../tools/errors/page.mjs";
import type { Promised, Size, Tally } from "../promise.ts";

const root = path.join(import.meta.dirname, "../../..");

export const errors: Promised = {
  name: "errors",
  promise:
    "Errors are usable: whatever is handed to a public function of any package gives numbers, or an MclnnError that says by code, argument, expectation and what came instead what is the matter; and every code is one that a test asks for",
  async check(size, tally) {
    await tryWrongArguments(size, tally);
    await askForEveryCode(tally);
  },
};

/** Gets one argument after another of every public function wrong; in the tests by the likeliest mistakes, of those that compute for a while not at all. */
async function tryWrongArguments(size: Size, tally: Tally): Promise<void> {
  // All packages, TensorFlow.js among them: seconds that other promises need not wait.
  const { entryCalls, forgotten, forgottenEntries } = await import("../../errors/catalogue.ts");
  const { attempts } = await import("../../errors/try-all.ts");
  for (const entry of forgottenEntries(root))
    tally.expect(false, `nothing of ${entry} is called with wrong arguments`);
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
  tally.notes.push(`${tried} calls with one thing wrong, of ${entryCalls.length} entries`);
}

/** Looks for every code of the sources in the tests, and gets to the others here. */
async function askForEveryCode(tally: Tally): Promise<void> {
  const { elsewhere, refusals } = await import("../../errors/refusals.ts");
  const { faultOfError } = await import("../../errors/outcome.ts");
  const listed = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
  const tests = listed
    .filter((name) => /^((packages|apps)\/[^/]+\/test|bench\/trust)\/.*\.ts$/.test(name))
    .map((name) => readFileSync(path.join(root, name), "utf8"))
    .join("\n");
  const codes = [...errorsOf(root).packages.keys()];
  const asked = codes.filter((code) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(tests));
  for (const code of codes)
    tally.expect(
      asked.includes(code) || code in refusals || code in elsewhere,
      `${code}: no test asks for it`,
    );
  for (const [code, provoke] of Object.entries(refusals)) {
    const caught = await Promise.resolve()
      .then(provoke)
      .catch((error: unknown) => error);
    tally.expect(
      isMclnnError(caught) && caught.code === code && faultOfError(caught) === null,
      () => `${code}: came as ${caught}; ${faultOfError(caught)}`,
    );
  }
  tally.notes.push(`${codes.length} codes, ${asked.length} of them in tests of packages`);
}
