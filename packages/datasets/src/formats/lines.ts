import type { Reading } from "./format.ts";

/** Longer ones are in no text file. */
const LONGEST_LINE = 2 ** 20;
const LF = 10;
const CR = 13;

/** The lines of a file as it comes in: `now()` while there are some at hand, else `more()`. */
export class Lines {
  /** Number of the line that was given last, from 1. */
  number = 0;
  private text = "";
  private at = 0;
  private came = 0;
  private ended = false;
  private unfinished = false;
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private readonly reading: Reading;
  private readonly pieces: AsyncIterator<Uint8Array>;

  constructor(reading: Reading) {
    this.reading = reading;
    const { size } = reading.source;
    if (size !== undefined && size > 0)
      reading.share = () => Math.min(1, (this.came - this.text.length + this.at) / size);
    this.pieces = reading.source.bytes()[Symbol.asyncIterator]();
  }

  /** The next line without its end; undefined where more bytes have to come first. */
  now(): string | undefined {
    const { text, at } = this;
    const end = text.indexOf("\n", at);
    if (end < 0) return undefined;
    this.at = end + 1;
    this.number++;
    return text.slice(at, end > at && text.charCodeAt(end - 1) === CR ? end - 1 : end);
  }

  /** The next line; null at the end of the file. */
  async next(): Promise<string | null> {
    return this.now() ?? this.more();
  }

  /** As `next`, for what has to be there. */
  async required(what: string): Promise<string> {
    const line = await this.next();
    if (line === null)
      throw this.reading.refuse(`line ${this.number + 1}`, what, "the end of the file");
    return line;
  }

  /** Whether the line given last is the last of the file, without an end: what wrote it was stopped, perhaps. */
  get torn(): boolean {
    return this.ended && this.unfinished && this.at >= this.text.length;
  }

  private async more(): Promise<string | null> {
    while (!this.ended) {
      const { done, value } = await this.pieces.next();
      this.ended = done === true;
      if (value !== undefined) this.came += value.length;
      this.decoder ??= new TextDecoder(utf16(value) ? "utf-16le" : "utf-8");
      const piece = this.decoder.decode(value ?? new Uint8Array(0), { stream: !this.ended });
      const rest = this.text.slice(this.at);
      if (rest.length > LONGEST_LINE)
        throw this.reading.refuse(
          `line ${this.number + 1}`,
          `at most ${LONGEST_LINE} characters in a line`,
          "more",
        );
      this.text = rest + piece;
      this.at = 0;
      if (this.ended && this.text !== "" && this.text.charCodeAt(this.text.length - 1) !== LF)
        [this.text, this.unfinished] = [`${this.text}\n`, true];
      const line = this.now();
      if (line !== undefined) return line;
    }
    return null;
  }
}

const utf16 = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && bytes[0] === 0xff && bytes[1] === 0xfe;

/** The words of a line, between blanks. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const { length } = line;
  for (let k = 0; k < length; k++) {
    if (isBlank(line.charCodeAt(k))) continue;
    const from = k;
    while (k < length && !isBlank(line.charCodeAt(k))) k++;
    words.push(line.slice(from, k));
  }
  return words;
}

const isBlank = (letter: number): boolean => letter === 32 || letter === 9 || letter === CR;

/** A number of a text file; NaN for what is none. Fortran's exponents are read too. */
export function numberOf(word: string | undefined): number {
  if (word === undefined || word === "") return Number.NaN;
  const value = Number(word);
  // Hexadecimal and the like, and Infinity, have a letter there; 1e5 has its exponent.
  const second = word.charCodeAt(1);
  if (!Number.isNaN(value))
    return second > 57 && second !== 101 && second !== 69 ? Number.NaN : value;
  return /^[+-]?[\d.]+[dD][+-]?\d+$/.test(word) ? Number(word.replace(/[dD]/, "e")) : Number.NaN;
}

/** A whole number from 0 that a program would write as a count; NaN for what is none. */
export function countOf(word: string): number {
  const text = word.trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
