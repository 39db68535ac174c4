import Papa from "papaparse";
import type { Reading } from "./format.ts";
import { numberOf } from "./lines.ts";
import { allBytes } from "./source.ts";

/** A table of text: rows of titles, and rows of values with the lines they stand in. */
export interface TextTable {
  /** Rows before the first with numbers, cells trimmed. */
  readonly titles: readonly (readonly string[])[];
  readonly rows: readonly (readonly string[])[];
  /** Line of each row, from 1; rows of several lines count as one. */
  readonly lines: readonly number[];
  /** Whether 1,5 is one and a half. */
  readonly decimalComma: boolean;
}

/** Rows that are looked at for titles. */
const MOST_TITLES = 8;

/** Reads a table: the delimiter is guessed among comma, tab and semicolon. */
export async function readTable(reading: Reading): Promise<TextTable> {
  const bytes = await allBytes(reading.source);
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(wide ? "utf-16le" : "utf-8").decode(bytes);
  const delimiter = delimiterOf(text);
  if (delimiter === null)
    throw reading.refuse("", "a table with commas, tabs or semicolons", "a text without columns");
  const titles: string[][] = [];
  const rows: string[][] = [];
  const lines: number[] = [];
  let line = 0;
  const decimalComma = delimiter === ";" && /;-?\d+,\d/.test(text.slice(0, 65536));
  Papa.parse<string[]>(text, {
    delimiter,
    step: ({ data, errors }) => {
      line++;
      const [odd] = errors;
      if (odd !== undefined)
        throw reading.refuse(`line ${line}`, "cells in whole quotes", odd.message);
      if (data.every((cell) => cell.trim() === "")) return;
      const first = data[0] as string;
      const comment = /^\s*(#|\/\/|%)/.test(first);
      const cells = (
        comment ? [first.replace(/^\s*(#|\/\/|%)\s*/, ""), ...data.slice(1)] : data
      ).map((cell) => cell.trim());
      if (rows.length === 0 && titles.length < MOST_TITLES && isTitle(cells, decimalComma)) {
        // A comment line that is no row of titles is a sentence.
        if (!comment || cells.length > 1) titles.push(cells);
      } else if (!comment) {
        rows.push(cells);
        lines.push(line);
      }
    },
  });
  return { titles, rows, lines, decimalComma };
}

/** The delimiter that most of the first lines have the same number of; null for none. */
export function delimiterOf(text: string): "," | "\t" | ";" | null {
  const lines = text
    .slice(0, 65536)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^\s*(#|\/\/|%)/.test(line))
    .slice(0, 50);
  if (lines.length > 1 && text.length > 65536) lines.pop();
  let best: { delimiter: "," | "\t" | ";"; lines: number } | null = null;
  for (const delimiter of ["\t", ";", ","] as const) {
    const counts = lines.map((line) => line.split(delimiter).length);
    const usual = Math.max(...counts, 0);
    const same = counts.filter((n) => n === usual).length;
    if (usual >= 3 && same > lines.length / 2 && same > (best?.lines ?? 0))
      best = { delimiter, lines: same };
  }
  return best?.delimiter ?? null;
}

/** Rows of titles have hardly any numbers. */
function isTitle(cells: readonly string[], decimalComma: boolean): boolean {
  const filled = cells.filter((cell) => cell !== "");
  const numbers = filled.filter((cell) => Number.isFinite(cellNumber(cell, decimalComma)));
  return numbers.length < filled.length / 2;
}

/** The number in a cell; NaN for an empty one and for what is no number. */
export function cellNumber(cell: string | undefined, decimalComma: boolean): number {
  if (cell === undefined || cell === "") return Number.NaN;
  return numberOf(decimalComma ? cell.replace(",", ".") : cell);
}
