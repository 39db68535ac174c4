import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PARTS, type Part, type StudyJob, type StudyOutcome } from "@mclnn/studies/paper";
import { describe, expect, it } from "vitest";
import { chooseParts } from "../src/commands/reproduce/choose-parts.ts";
import { decodeResult, encodeResult } from "../src/commands/reproduce/encoding.ts";
import { reproduce } from "../src/commands/reproduce/run.ts";
import { createSession } from "../src/session/session.ts";
import { runCli, scratchFolder, spawnCli } from "./run-cli.ts";

const at = scratchFolder();

const NAMES = PARTS.map(({ name }) => name);

/** A job that no study knows: the crew of the test does it. */
function job(name: string, input = {}): StudyJob {
  return { study: "theory", name, title: `the ${name}`, input, seconds: 1 } as unknown as StudyJob;
}

/** A part that shows its jobs' results. */
function part(name: string, ...jobs: StudyJob[]): Part {
  return {
    name,
    title: `Part ${name}`,
    paper: `What the paper shows of ${name}.`,
    jobs: () => jobs,
    present: (results) => {
      const numbers = jobs.map((each) => results.of(each) as unknown as number);
      return {
        found: [`We find ${numbers.join(" and ")}.`],
        blocks: [],
        data: [{ name, columns: { value: numbers, "a, b": numbers.map(() => 'say "so"') } }],
        numbers,
      };
    },
  };
}

/** Runs a reproduction of made-up parts in this process. */
async function run(
  folder: string,
  parts: readonly Part[],
  {
    outcomes = {},
    only,
    force = false,
    seed = 100,
    before = () => undefined,
  }: {
    outcomes?: Readonly<Record<string, StudyOutcome | number>>;
    only?: string;
    force?: boolean;
    seed?: number;
    before?: (name: string) => void;
  } = {},
): Promise<{ code: number; done: string[]; stderr: string; page: () => string }> {
  const text = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (chunk: string) => {
      text[name] += chunk;
    },
  });
  const io = { stdout: stream("stdout"), stderr: stream("stderr"), env: {} };
  const done: string[] = [];
  const code = await reproduce(
    { out: at(folder), seed, force, quick: true, ...(only === undefined ? {} : { only }) },
    createSession(io, ["reproduce"], { threads: 1 }),
    {
      parts,
      crew: {
        doJob: async ({ name }) => {
          done.push(name);
          before(name);
          const outcome = outcomes[name] ?? 1;
          return typeof outcome === "number"
            ? ({ kind: "done", result: outcome } as unknown as StudyOutcome)
            : outcome;
        },
        worker: new URL("file:///never"),
        title: ({ title }) => title,
      },
    },
  );
  return {
    code,
    done,
    stderr: text.stderr,
    page: () => readFileSync(at(folder, "index.html"), "utf8"),
  };
}

const BROKEN: StudyOutcome = {
  kind: "failed",
  error: { message: "the springs <b> snapped", stack: null },
};

describe("parts of a reproduction", () => {
  const chosen: [string, string | undefined, boolean, string[]][] = [
    ["all but those on request", undefined, false, NAMES.filter((name) => name !== "recipe")],
    ["with the paper's recipe", undefined, true, NAMES],
    ["named ones in the order of the page", "table1, fig5", false, ["fig5", "table1"]],
    ["named ones, and the recipe", "fig5", true, ["fig5", "recipe"]],
    ["the recipe by its name", "recipe", false, ["recipe"]],
  ];
  for (const [what, only, recipe, expected] of chosen)
    it(`chooses ${what}`, () => {
      expect(chooseParts(PARTS, { only, recipe }).map(({ name }) => name)).toEqual(expected);
    });

  it("help names every part", async () => {
    const { stdout } = await runCli(["reproduce", "--help"]);
    const listed = /--only <parts>[\s\S]*?--quick/.exec(stdout)?.[0] ?? "";
    for (const name of NAMES)
      if (!/^fig[3-6]$/.test(name)) expect(listed.replace(/\s+/g, " ")).toContain(name);
  });

  it("results come back bit for bit, arrays among them", () => {
    const array = Float64Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1 / 3);
    const result = { array, cut: array.subarray(1, 3), n: 0.1, none: null, list: [1, "a"] };
    const back = decodeResult(encodeResult(result)) as typeof result;
    expect(back).toEqual({ ...result, cut: array.slice(1, 3) });
    expect(Object.is(back.array[1], -0)).toBe(true);
    // A member that only looks like an array stays what it is.
    expect(decodeResult('{"float64": 3}')).toEqual({ float64: 3 });
  });
});

describe("reproduce", () => {
  it("a part that fails is shown with its error, the others stand, exit code 1; the next run does only what is missing", async () => {
    const parts = [part("one", job("a")), part("two", job("a"), job("b")), part("three", job("c"))];
    const first = await run("failing", parts, { outcomes: { b: BROKEN, c: 7 } });
    expect(first.code).toBe(1);
    expect(first.done).toEqual(["a", "b", "c"]);
    expect(first.stderr).toContain("failed the b: the springs <b> snapped");
    expect(first.page()).toMatch(/This part failed: the b failed.*springs &lt;b&gt; snapped/);
    expect(first.page()).toContain("We find 7.");
    const { parts: told } = JSON.parse(readFileSync(at("failing", "results.json"), "utf8"));
    expect(told).toMatchObject({ one: { status: "done" }, two: { status: "failed" } });

    const second = await run("failing", parts, { outcomes: { b: 5 } });
    expect(second).toMatchObject({ code: 0, done: ["b"] });
    expect(second.stderr).toContain("has 2 of 3 results already");
    expect(second.page()).toContain("We find 1 and 5.");
    expect(second.page()).not.toMatch(/This part failed|snapped/);
    expect((await run("failing", parts)).done).toEqual([]);
  });

  it("a job that ends its thread fails alone", async () => {
    const parts = [part("one", job("a")), part("two", job("b")), part("three", job("c"))];
    const { code, done, page, stderr } = await run("crashed", parts, {
      before: (name) => {
        if (name === "b") throw new Error("out of memory");
      },
    });
    expect(code).toBe(1);
    expect(done).toEqual(["a", "b", "c"]);
    expect(stderr).toContain("failed the b: out of memory");
    expect(page().match(/This part failed/g)?.length).toBe(1);
  });

  it("keeps parts of earlier runs on the page, and computes anew what was asked with another input", async () => {
    const parts = [part("one", job("a")), part("two", job("b"))];
    const first = await run("some", parts, { only: "one" });
    expect(first.done).toEqual(["a"]);
    expect(first.page()).not.toContain("Part two");
    const second = await run("some", parts, { only: "two" });
    expect(second.done).toEqual(["b"]);
    expect(second.page()).toContain("Part one");
    const changed = [part("one", job("a", { n: 2 })), part("two", job("b"))];
    expect((await run("some", changed)).done).toEqual(["a"]);
    // A result that is not whole is no result.
    writeFileSync(at("some", "parts", "b.json"), '{"format":"mclnn-study","res');
    expect((await run("some", changed)).done).toEqual(["b"]);
  });

  it("says on every part what the paper shows, what we find, and the command for just this one", async () => {
    const { page } = await run("words", [part("one", job("a"))], { seed: 7 });
    for (const text of [
      "What the paper shows of one.",
      "We find 1.",
      `mclnn reproduce --only one --quick --seed 7 --out ${at("words")}`,
      "The quick version",
    ])
      expect(page()).toContain(text);
    expect(readFileSync(at("words", "data", "one.csv"), "utf8")).toBe(
      'value,"a, b"\n1,"say ""so"""\n',
    );
    expect(JSON.parse(readFileSync(at("words", "data", "one.json"), "utf8")).value).toEqual([1]);
  });

  it("stopped, it says how to go on and writes no page", async () => {
    const parts = [part("one", job("a"), job("b"))];
    const halted = run("halted", parts, {
      outcomes: { b: { kind: "stopped" } },
      before: (name) => {
        if (name === "b") process.emit("SIGINT", "SIGINT");
      },
    });
    const { code, stderr } = await halted;
    expect(code).toBe(130);
    expect(stderr).toMatch(/the same command goes on from there/);
    expect(existsSync(at("halted", "index.html"))).toBe(false);
    expect((await run("halted", parts)).done).toEqual(["b"]);
  });

  it("refuses a folder with other results, and another run's, unless forced; what is not ours stays", async () => {
    const parts = [part("one", job("a"))];
    mkdirSync(at("mine"));
    writeFileSync(at("mine", "notes.md"), "mine");
    await expect(run("mine", parts)).rejects.toMatchObject({ code: "folder-not-empty" });
    expect(readdirSync(at("mine"))).toEqual(["notes.md"]);
    expect((await run("mine", parts, { force: true })).code).toBe(0);
    expect(readFileSync(at("mine", "notes.md"), "utf8")).toBe("mine");

    await run("seeds", parts);
    await expect(run("seeds", parts, { seed: 101 })).rejects.toMatchObject({
      code: "folder-not-empty",
      got: "a reproduction with other settings (seed 100, quick size)",
    });
    const forced = await run("seeds", parts, { seed: 101, force: true });
    expect(forced.done).toEqual(["a"]);
    expect(JSON.parse(readFileSync(at("seeds", "results.json"), "utf8")).seed).toBe(101);
  });

  const mistakes: [string, string[], Record<string, string | RegExp>][] = [
    [
      "an unknown part, and lists the known ones",
      ["--only", "fig5,fig9"],
      { code: "unknown-part", expected: expect.stringContaining(NAMES.join(", ")) },
    ],
    ["no part", ["--only", ","], { code: "unknown-part" }],
    ["an --out that is a file", ["--out", "FILE"], { code: "not-a-folder" }],
  ];
  for (const [what, args, expected] of mistakes)
    it(`refuses ${what}`, async () => {
      writeFileSync(at("file.txt"), "kept");
      const { code, stdout } = await runCli([
        "reproduce",
        "--json",
        ...(args.includes("--out") ? [] : ["--out", at("never")]),
        ...args.map((arg) => (arg === "FILE" ? at("file.txt") : arg)),
      ]);
      expect(code).toBe(2);
      expect(JSON.parse(stdout).error).toMatchObject(expected);
      expect(existsSync(at("never"))).toBe(false);
    });

  it("computes in worker threads, the same numbers as in one", async () => {
    const args = ["reproduce", "--quick", "--only", "theory", "--json"];
    const [two, one] = await Promise.all([
      spawnCli([...args, "--threads", "2", "--out", "two"], { cwd: at() }),
      spawnCli([...args, "--threads", "1", "--out", "one"], { cwd: at() }),
    ]);
    expect(two.code, two.stderr).toBe(0);
    expect(one.code, one.stderr).toBe(0);
    const timeless = (text: string): string => text.replace(/"[a-zA-Z]*[sS]econds": [\d.e-]+/g, "");
    const numbers = (text: string): string =>
      timeless(JSON.stringify(JSON.parse(text).parts, null, 1));
    expect(numbers(two.stdout)).toBe(numbers(one.stdout));
    const { theory } = JSON.parse(one.stdout).parts;
    for (const { roundoffs } of Object.values<{ roundoffs: number }>(theory.numbers.mclnn))
      expect(roundoffs).toBeLessThan(1000);
    const page = readFileSync(at("one", "index.html"), "utf8");
    expect(page.length).toBeLessThan(5e6);
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(existsSync(at("one", "data", "theory.csv"))).toBe(true);
  });
});
