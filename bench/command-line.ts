import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { writeFileAtomic } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>["values"];

/** Text and flag, for the options of a command. */
export const TEXT = { type: "string" } as const;
export const FLAG = { type: "boolean", default: false } as const;

/** Runs a program of the bench with its options. @param work - gives its exit code; an MclnnError ends it with 2 or 1 */
export async function command<const O extends Options>(
  help: string,
  options: O,
  work: (values: Values<O>) => Promise<number | undefined>,
): Promise<void> {
  try {
    const asked = process.argv.slice(2);
    if (asked.includes("--help") || asked.includes("-h")) process.stdout.write(help);
    else process.exitCode = await work(valuesOf(options));
  } catch (error) {
    if (!(error instanceof MclnnError)) throw error;
    say(error.message);
    process.exitCode = error.kind === "input" ? 2 : 1;
  }
}

function valuesOf<const O extends Options>(options: O): Values<O> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new MclnnError("the options cannot be used", {
      ...{ code: "bad-option", expected: "those of --help", got: (error as Error).message },
    });
  }
}

/** An option that cannot be used. */
export function refusal(option: string, expected: string, got: string): MclnnError {
  const facts = { code: "bad-option", argument: option, expected, got };
  return new MclnnError(`--${option} cannot be used`, facts);
}

/** Those of a catalogue that an option names, in the catalogue's order; all where it is not given. @throws MclnnError `bad-option` */
export function chosen<T extends { readonly name: string }>(
  option: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  const names = text?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) throw refusal(option, all.map(({ name }) => name).join(", "), unknown);
  return all.filter(({ name }) => names.includes(name));
}

/** A number from 0, or a whole one from 1. @throws MclnnError `bad-option` */
export function numberOf(option: string, text: string, whole = false): number {
  const value = Number(text);
  const right = text.trim() !== "" && value >= 0 && Number.isFinite(value);
  if (right && (!whole || (Number.isInteger(value) && value > 0))) return value;
  throw refusal(option, whole ? "a whole number from 1" : "a number from 0", text);
}

/** Names in lines of their own, as a help text has room for them. */
export function nameLines(all: readonly { readonly name: string }[], indent = 20): string {
  const rows: string[] = [""];
  for (const { name } of all) {
    const row = rows[rows.length - 1];
    if (row.length + name.length > 90) rows.push(name);
    else rows[rows.length - 1] = row === "" ? name : `${row}, ${name}`;
  }
  return rows.join(`,\n${" ".repeat(indent)}`);
}

/** Tells a person what is being done. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes a result whole or not at all, in a folder that is made. */
export async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, text, { force: true });
}
