import type { Format, Reading } from "./format.ts";
import { lammpsDump } from "./lammps-dump.ts";
import { Lines, wordsOf } from "./lines.ts";

/** LAMMPS dumps in YAML (`dump yaml`): read as the text dump that says the same. */
export const lammpsYaml: Format = {
  name: "LAMMPS dump (YAML)",
  endings: [".yaml"],
  recognises: ({ text }) => /^---\s*\n(creator: LAMMPS\s*\n)?timestep:/.test(text),
  read: (reading) =>
    lammpsDump.read(
      reading.of(async function* () {
        const encoder = new TextEncoder();
        for await (const text of dumpOf(reading)) yield encoder.encode(text);
      }),
    ),
};

const flow = (text: string): string[] => wordsOf(text.replaceAll(/[[\],]/g, " "));

/** Lines of a text dump. */
async function* dumpOf(reading: Reading): AsyncGenerator<string> {
  const lines = new Lines(reading);
  let letters: string[] = [];
  let bounds: string[][] | null = null;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line.startsWith("  - ")) {
      const values = flow(line.slice(4));
      if (bounds === null) yield `${values.join(" ")}\n`;
      else bounds.push(values);
      continue;
    }
    const [, key = "", value = ""] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (key === "units") yield `ITEM: UNITS\n${value}\n`;
    else if (key === "timestep") yield `ITEM: TIMESTEP\n${value}\n`;
    else if (key === "time") yield `ITEM: TIME\n${value}\n`;
    else if (key === "natoms") yield `ITEM: NUMBER OF ATOMS\n${value}\n`;
    else if (key === "boundary") letters = flow(value);
    else if (key === "box") bounds = [];
    else if (key === "keywords") {
      const sides = [0, 1, 2].map((d) => letters.slice(2 * d, 2 * d + 2).join(""));
      const tilted = (bounds?.length ?? 0) > 3;
      const [xy, xz, yz] = bounds?.[3] ?? [];
      if (tilted) for (const [d, tilt] of [xy, xz, yz].entries()) bounds?.[d]?.push(tilt ?? "");
      const rows = (bounds ?? []).slice(0, 3).map((row) => `${row.join(" ")}\n`);
      yield `ITEM: BOX BOUNDS ${tilted ? "xy xz yz " : ""}${sides.join(" ")}\n${rows.join("")}`;
      yield `ITEM: ATOMS ${flow(value).join(" ")}\n`;
      bounds = null;
    } else if (!/^(---|\.\.\.|creator:|data:|thermo:|\s*$)/.test(line))
      throw reading.refuse(
        `line ${lines.number}`,
        "keys of a LAMMPS dump",
        JSON.stringify(line.slice(0, 80)),
      );
  }
}
