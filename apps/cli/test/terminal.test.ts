import { stripVTControlCharacters } from "node:util";
import { formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import { describe, expect, it } from "vitest";
import { csv } from "../src/outputs/csv.ts";
import { plainJson } from "../src/terminal/json.ts";
import { formatTable } from "../src/terminal/table.ts";
import { createTerminal, type TerminalOptions } from "../src/terminal/terminal.ts";

/** A terminal whose two streams are kept as text. */
function recorded({
  isTTY = false,
  env = {},
  ...options
}: Partial<TerminalOptions> & { isTTY?: boolean; env?: Record<string, string> } = {}) {
  const text = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (chunk: string) => {
      text[name] += chunk;
    },
    isTTY,
    columns: 60,
  });
  const terminal = createTerminal(
    { stdout: stream("stdout"), stderr: stream("stderr"), env },
    { json: false, quiet: false, colour: true, ...options },
  );
  return { terminal, text };
}

describe("streams", () => {
  it("results go to standard output, remarks and progress to standard error", () => {
    const { terminal, text } = recorded();
    terminal.print("table");
    terminal.printJson({ a: 1 });
    terminal.remark("by the way");
    terminal.progress.start("work").finish("all of it");
    expect(text.stdout).toBe("table\n");
    expect(text.stderr).toMatch(/^by the way\ndone work: all of it \(0\.0\d s\)\n$/);
  });

  it("--json leaves one object on standard output, without NaN", () => {
    const { terminal, text } = recorded({ json: true });
    terminal.print("table");
    terminal.printJson({
      a: Number.NaN,
      b: Float64Array.of(1, Number.POSITIVE_INFINITY),
      c: undefined,
    });
    expect(JSON.parse(text.stdout)).toEqual({ a: null, b: [1, null] });
    expect(text.stderr).toBe("");
  });

  it("--quiet keeps results and warnings", () => {
    const { terminal, text } = recorded({ quiet: true, isTTY: true });
    terminal.print("table");
    terminal.remark("by the way");
    terminal.warn("careful");
    const task = terminal.progress.start("work");
    task.update({ fraction: 0.5 });
    task.finish("done");
    expect(text.stdout).toBe("table\n");
    expect(text.stderr).toContain("careful");
    expect(text.stderr).not.toContain("work");
  });
});

describe("colours", () => {
  const cases: [string, Parameters<typeof recorded>[0], boolean][] = [
    ["on a terminal", { isTTY: true }, true],
    ["not in a pipe", {}, false],
    ["not with --no-color", { isTTY: true, colour: false }, false],
    ["not with NO_COLOR", { isTTY: true, env: { NO_COLOR: "1" } }, false],
    ["on a terminal with an empty NO_COLOR", { isTTY: true, env: { NO_COLOR: "" } }, true],
    ["in a pipe with FORCE_COLOR", { env: { FORCE_COLOR: "1" } }, true],
    ["NO_COLOR is stronger than FORCE_COLOR", { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, false],
  ];
  for (const [what, options, expected] of cases)
    it(what, () => {
      const { terminal } = recorded(options);
      expect(terminal.colours.red("x") !== "x").toBe(expected);
    });
});

describe("progress", () => {
  it("draws bars with an ETA on a terminal, and takes them away", () => {
    const { terminal, text } = recorded({ isTTY: true, colour: false });
    const first = terminal.progress.start("first");
    const second = terminal.progress.start("second");
    expect(text.stderr).toContain("first");
    terminal.remark("between");
    first.update({ fraction: 0.5, detail: "half" });
    first.finish("ready");
    second.fail("broken");
    terminal.progress.close();
    expect(text.stderr).toContain("\x1b[2A\x1b[0J");
    expect(text.stderr).toMatch(/done first: ready/);
    expect(text.stderr).toMatch(/failed second: broken/);
    for (const line of text.stderr.split("\n")) expect(line.length).toBeLessThan(80);
  });

  it("ends a piece of work once", () => {
    const { terminal, text } = recorded();
    const task = terminal.progress.start("work");
    task.finish("ready");
    task.fail("never");
    expect(text.stderr).not.toContain("never");
  });
});

it("tables line numbers up on the right, colours or not", () => {
  const rows = [
    ["a", "\x1b[31m1\x1b[39m"],
    ["long name", "200"],
  ];
  const table = formatTable([{ title: "name" }, { title: "n", align: "right" }], rows);
  expect(stripVTControlCharacters(table)).toBe(
    [" name         n", " a            1", " long name  200"].join("\n"),
  );
});

it("numbers read well", () => {
  const cases: [number | null, string][] = [
    [0, "0"],
    [1.234e-13, "1.2e-13"],
    [0.0123, "0.012"],
    [1.5, "1.5"],
    [123456, "1.2e5"],
    [null, "-"],
    [Number.NaN, "-"],
    [Number.POSITIVE_INFINITY, "inf"],
  ];
  for (const [value, text] of cases) expect(formatNumber(value)).toBe(text);
  expect([1e-8, 1e-12, 2.5e-9].map(formatTarget)).toEqual(["1e-8", "1e-12", "2.5e-9"]);
  expect([0.214, 3.21, 12.4, 185].map(formatSeconds)).toEqual([
    "0.21 s",
    "3.2 s",
    "12 s",
    "3 min 05 s",
  ]);
});

it("plain JSON has no holes", () => {
  expect(plainJson({ a: [undefined, -Infinity, "x", true], b: new Float64Array(1) })).toEqual({
    a: [null, null, "x", true],
    b: [0],
  });
});

describe("text from strangers", () => {
  const ESC = "\u001b";
  const attacks = [
    ["the window's title", `${ESC}]0;owned\u0007`],
    ["a link", `${ESC}]8;;http://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`],
    ["the cursor", `${ESC}[2J${ESC}[H`],
    ["a line over another", "loss 1e-9\rloss 1e-1"],
    ["the clipboard", `${ESC}]52;c;ZXZpbA==\u0007`],
    ["one-byte sequences", "\u009b2J\u009d0;x\u009c"],
    ["a bell and a backspace", "\u0007\b\b"],
    ["reading order", "\u202etxt.exe\u2066"],
  ];

  it.each(attacks)("cannot touch %s, in results, remarks, warnings and progress", (_, attack) => {
    for (const isTTY of [true, false]) {
      const { terminal, text } = recorded({ isTTY });
      terminal.print(`file ${attack}.npz`);
      terminal.remark(attack as string);
      terminal.warn(attack as string);
      terminal.progress.start(`learning ${attack}`).finish(attack as string);
      const said = text.stdout + text.stderr;
      // What our own bars and colours need.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
      const rest = said.replaceAll(/\u001b\[[0-9;]*[mAJ]/g, "");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      expect(rest).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
      expect(said).not.toContain(`${ESC}[2J`);
      expect(said).not.toContain(`${ESC}[H`);
    }
  });
});

it("CSV: no cell of text begins a formula, numbers stay, quotes and line ends are kept apart", () => {
  expect(
    csv({
      "=cmd|' /C calc'!A0": ["=1+1", "+1", "-x", "@sum", "\t=1", 'a "b", c', "two\nlines", "plain"],
      slope: [-1.5, 1e-9, Number.NaN, null, undefined, -0, 3, 4],
    }),
  ).toBe(
    "'=cmd|' /C calc'!A0,slope\n'=1+1,-1.5\n'+1,1e-9\n'-x,\n'@sum,\n'\t=1,\n" +
      '"a ""b"", c",0\n"two\nlines",3\nplain,4\n',
  );
});
