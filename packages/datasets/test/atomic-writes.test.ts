import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isMclnnError, type MclnnError } from "@mclnn/physics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeFileSystem, takeLock, writeFileAtomic } from "../src/node/index.ts";
import { type Call, failingFileSystem, systemError } from "./failing-file-system.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mclnn-"));
});
afterEach(() => rm(folder, { recursive: true }));

const OLD = "what was there before";
const NEW = "x".repeat(10_000);

/** Calls whose failure changes nothing for who wrote: tidying up, and a second name to fall back to. */
const HARMLESS: readonly Call[] = ["list", "remove", "link"];

describe.each(["EIO", "ENOSPC", "EROFS"])("%s at each system call in turn", (code) => {
  it.each([true, false])(
    "leaves what was there as it was, and names file and mend (force %s)",
    async (force) => {
      const tried = new Map<Call, number>();
      for (let index = 0; ; index++) {
        await rm(folder, { recursive: true });
        folder = await mkdtemp(join(tmpdir(), "mclnn-"));
        const target = join(folder, "model.safetensors");
        if (force) await writeFile(target, OLD);
        const fileSystem = failingFileSystem(nodeFileSystem, (call, k) =>
          k === index ? systemError(code, call) : null,
        );
        const error = await writeFileAtomic(target, NEW, { force, fileSystem }).catch((e) => e);
        const call = fileSystem.calls[index];
        if (call === undefined) break;
        tried.set(call, (tried.get(call) ?? 0) + 1);
        const there = await readFile(target, "utf8").catch(() => null);
        if (error === undefined) {
          expect(HARMLESS).toContain(call);
          expect(there).toBe(NEW);
          continue;
        }
        if (call === "exists") continue;
        expect([call, there]).toEqual([call, force ? OLD : null]);
        expect(isMclnnError(error), String(error)).toBe(true);
        const { code: told, kind, argument, message, mend } = error as MclnnError;
        expect([told, kind, argument]).toEqual(["write-failed", "failure", target]);
        expect(message).toContain(target);
        expect(mend).toMatch(/^(Free|Check)/);
        expect(await readdir(folder)).toEqual(force ? ["model.safetensors"] : []);
      }
      expect([...tried.keys()].sort()).toEqual(
        [
          "close",
          "link",
          "list",
          "open",
          "remove",
          "sync",
          "write",
          ...(force ? ["rename"] : ["exists"]),
        ].sort(),
      );
      // The file's own and the folder's.
      expect(tried.get("sync")).toBe(2);
    },
  );
});

describe("writes that take less than they were given", () => {
  it.each([1, 7, 4096, 9_999])("%i bytes at a time end up whole", async (writes) => {
    const path = join(folder, "a");
    const fileSystem = failingFileSystem(nodeFileSystem, () => null, { writes });
    await writeFileAtomic(path, NEW, { fileSystem });
    expect(await readFile(path, "utf8")).toBe(NEW);
    expect(fileSystem.calls.filter((call) => call === "write")).toHaveLength(
      Math.ceil(NEW.length / writes),
    );
  });

  it("none at all: an error, not a loop", async () => {
    const path = join(folder, "a");
    await writeFile(path, OLD);
    const fileSystem = failingFileSystem(nodeFileSystem, () => null, { writes: 0 });
    const error = await writeFileAtomic(path, NEW, { force: true, fileSystem }).catch((e) => e);
    expect(error).toMatchObject({ code: "write-failed", argument: path });
    expect(await readFile(path, "utf8")).toBe(OLD);
  });
});

it("a process that ends at any call leaves the old file or the new one, whole", async () => {
  const seen = new Set<string>();
  for (let last = 0; ; last++) {
    const path = join(folder, `file-${last}`);
    await writeFile(path, OLD);
    // From there on nothing happens any more, not even tidying up.
    const fileSystem = failingFileSystem(nodeFileSystem, (call, k) =>
      k >= last ? systemError("EIO", call) : null,
    );
    const error = await writeFileAtomic(path, NEW, { force: true, fileSystem }).catch((e) => e);
    const there = await readFile(path, "utf8");
    expect([OLD, NEW]).toContain(there);
    seen.add(there);
    if (error === undefined) break;
  }
  expect([...seen]).toEqual([OLD, NEW]);
});

it("temporaries of killed processes are swept, those of living ones and other files stay", async () => {
  const path = join(folder, "data.npz");
  let temporary = "";
  const spy = { ...nodeFileSystem, open: nodeFileSystem.open };
  spy.open = (name, mode) => {
    if (mode === "create") temporary = name;
    return nodeFileSystem.open(name, mode);
  };
  await writeFileAtomic(path, "x", { fileSystem: spy });
  const own = temporary.slice(folder.length + 1);
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const dead = own.replace(`.${process.pid}.`, `.${gone}.`);
  const kept = [own, dead.replace(".data.npz.", ".other.npz."), `${dead}.txt`];
  for (const name of [...kept, dead]) await writeFile(join(folder, name), "half");
  await writeFileAtomic(path, "y", { force: true });
  expect((await readdir(folder)).sort()).toEqual([...kept, "data.npz"].sort());
});

/** What Linux says of a process; that it is a zombie where nothing is said. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return ") Z ";
  }
}

describe("locks", () => {
  const take = (path: string) => takeLock(path, { place: "the folder", argument: "--checkpoint" });

  it("a second run is refused, with pid and host of the first; then it may", async () => {
    const path = join(folder, "lock");
    const lock = await take(path);
    const error = (await take(path).catch((e) => e)) as MclnnError;
    expect(error).toMatchObject({ code: "in-use", kind: "input", argument: "--checkpoint" });
    expect(error.got).toContain(`process ${process.pid} on `);
    await lock.check();
    await lock.release();
    const again = await take(path);
    await again.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("that of a killed process is taken over", async () => {
    const path = join(folder, "lock");
    const child = spawn(
      process.execPath,
      [
        "--conditions=@mclnn/source",
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `const { takeLock } = await import(${JSON.stringify(new URL("../src/node/index.ts", import.meta.url).href)});
         await takeLock(${JSON.stringify(path)}, { place: "p", argument: "a" });
         console.log("taken"); setInterval(() => {}, 1000);`,
      ],
      { cwd: new URL("../../..", import.meta.url), stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(child.stdout, "data");
    const error = (await take(path).catch((e) => e)) as MclnnError;
    expect(error.got).toContain(`process ${child.pid} on `);
    child.kill("SIGKILL");
    // Before its parent has waited for it.
    while (!/\) [ZX] /.test(statOf(child.pid as number))) await setTimeout(5);
    const lock = await take(path);
    expect(await readFile(path, "utf8")).toContain(`"pid":${process.pid}`);
    await lock.release();
  });

  it("a number that another process has now is no life", async () => {
    const path = join(folder, "lock");
    const lock = await take(path);
    const { born, ...owner } = JSON.parse(await readFile(path, "utf8")) as { born: string | null };
    await lock.release();
    if (born === null) return;
    await writeFile(path, JSON.stringify({ ...owner, born: `${born}1` }));
    await (await take(path)).release();
  });

  it.each([
    ["another machine's", { host: "elsewhere" }, /process \d+ on elsewhere/],
    ["one that cannot be read", null, /cannot be read/],
  ])("%s is never taken over; the mend names the file", async (_, change, got) => {
    const path = join(folder, "lock");
    const lock = await take(path);
    const owner = JSON.parse(await readFile(path, "utf8")) as object;
    await lock.release();
    await writeFile(path, change === null ? "garbage" : JSON.stringify({ ...owner, ...change }));
    const error = (await take(path).catch((e) => e)) as MclnnError;
    expect(error.code).toBe("in-use");
    expect(error.got).toMatch(got);
    expect(error.mend).toContain(path);
  });

  it("is told when it is lost, and then not removed", async () => {
    const path = join(folder, "lock");
    const lock = await take(path);
    await writeFile(path, "another's");
    expect(await lock.check().catch((e) => e)).toMatchObject({ code: "lock-lost" });
    await lock.release();
    expect(await readFile(path, "utf8")).toBe("another's");
  });

  it("of twenty who take over one dead lock, one has it", async () => {
    const path = join(folder, "lock");
    const lock = await take(path);
    const owner = JSON.parse(await readFile(path, "utf8")) as object;
    await lock.release();
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(path, JSON.stringify({ ...owner, pid: gone }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => take(path)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
