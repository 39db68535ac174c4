import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createThreads } from "../src/node/index.ts";

/** Runs a program of `test/threads` on the sources, in a process of its own; the objects that it prints. */
async function lines(program: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const at = (name: string): string => fileURLToPath(new URL(`threads/${name}`, import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mclnn/source", "--import", at("register-tsx.mjs"), at(program), ...args],
    { timeout: 240_000 },
  );
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("threads", { timeout: 250_000 }, () => {
  // 2, 4 and 8 of them: `pnpm trust --only bits`.
  it("1 and 3 of them: the same model files, bit for bit; small work is left to one", async () => {
    const [one, ...more] = await lines("same-bits.ts", "1", "3");
    expect(one?.divided).toEqual({});
    expect(more).toHaveLength(1);
    for (const { results, divided, small } of more) {
      expect(results).toEqual(one?.results);
      expect(divided).toEqual({
        rollouts: expect.any(Number),
        "normal equations": expect.any(Number),
        gradients: expect.any(Number),
      });
      expect(small).toBe(true);
    }
  });

  it("that end by themselves are an error that names the task, whoever waits for them", async () => {
    const [spread, divided] = await lines("lost.ts");
    for (const told of [spread, divided])
      expect(told).toMatchObject({
        code: "thread-lost",
        kind: "failure",
        message: expect.stringContaining("in rollouts"),
      });
    expect(spread?.message).toContain("ended with code 3, while threads were at part");
    expect(divided?.message).toContain("nothing for a long time");
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %f of them", (count) => {
    expect(() => createThreads(count)).toThrow(/a whole number/);
  });
});

describe("one thread", () => {
  it("does all parts in their order, and throws the error of the first that failed", async () => {
    const threads = createThreads(1);
    const work = { task: "rollouts", shared: {}, args: {}, parts: 4 };
    expect(threads.divide({ ...work, own: (part) => part ** 2 })).toEqual([0, 1, 4, 9]);
    expect(await threads.spread({ ...work, own: async (part) => -part })).toEqual([-0, -1, -2, -3]);
    const own = (part: number): number => {
      if (part > 1) throw new Error(`part ${part}`);
      return part;
    };
    expect(() => threads.divide({ ...work, own })).toThrow("part 2");
    await expect(threads.spread({ ...work, own: async (part) => own(part) })).rejects.toThrow(
      "part 2",
    );
  });

  it("begins no part after an abort", async () => {
    const signal = { aborted: false };
    const work = { task: "rollouts", shared: {}, args: {}, parts: 4, signal };
    const own = async (part: number): Promise<number> => {
      signal.aborted = part === 1;
      return part;
    };
    expect(await createThreads(1).spread({ ...work, own })).toEqual([0, 1]);
  });
});
