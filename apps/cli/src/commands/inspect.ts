import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import { DONE, type ExitCode } from "../exit-code.ts";
import { examples } from "../options/example.ts";
import type { Runner, Session } from "../session.ts";
import { formatTable } from "../terminal/table.ts";

export function registerInspect(program: Command, run: Runner): void {
  program
    .command("inspect")
    .summary("say what a file holds")
    .description(
      "Says what a file holds: trajectories or arrays (.npz), a model (.safetensors), a state, results or a law (.json).",
    )
    .argument("<path>", "the file")
    .addHelpText(
      "after",
      examples("mclnn inspect data.npz", "mclnn inspect --json law.safetensors"),
    )
    .action((path: string) => run((session) => inspect(path, session)));
}

/** What is told about a file: a kind, facts in words for people, and the same for programs. */
export interface Description {
  readonly kind: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly json: Readonly<Record<string, unknown>>;
}

async function inspect(path: string, { terminal }: Session): Promise<ExitCode> {
  const { readInput } = await import("../inputs/file.ts");
  const bytes = await readInput(path, "path");
  const description = await describe(bytes, path);
  const { kind, facts, json } = description;
  terminal.print(formatTable([{ title: path }, { title: kind }], facts, terminal.colours.bold));
  terminal.printJson({ path, kind, bytes: bytes.length, ...json });
  return DONE;
}

async function describe(bytes: Uint8Array, path: string): Promise<Description> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { describeNpz } = await import("../inspect/npz.ts");
    return describeNpz(bytes, path);
  }
  if (isSafetensors(bytes)) {
    const { describeModel } = await import("../inspect/model.ts");
    return describeModel(bytes, path);
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new MclnnError(`${path} holds nothing known`, {
      code: "unknown-file",
      argument: "path",
      expected: "an NPZ archive, a safetensors model or JSON",
      got: bytes.length === 0 ? "an empty file" : `${bytes.length} bytes of something else`,
    });
  }
  const { describeJson } = await import("../inspect/json.ts");
  return describeJson(value, text, path);
}

/** Eight bytes of header length, little endian and never large, then the header: JSON. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}
