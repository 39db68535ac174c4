import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Runs `work` with a new empty folder outside the workspace, and removes the folder whatever happens.
 *
 * @template T
 * @param {(folder: string) => T} work
 * @returns {T}
 */
export function inScratchFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "mclnn-check-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  try {
    return work(folder);
  } finally {
    remove();
  }
}

/**
 * Runs a program to its end; its standard error is shown, its standard output returned.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined> }} options - `env` is added to the environment; undefined removes
 */
export function runProgram(program, args, { cwd, env = {} }) {
  const merged = { ...process.env, ...env };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete merged[name];
  return execFileSync(program, args, {
    cwd,
    env: merged,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 << 20,
  });
}
