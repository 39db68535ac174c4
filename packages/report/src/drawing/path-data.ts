const COMMAND = /([MLCZ])([^MLCZ]*)/g;

/**
 * Shortens absolute path data (M, L, C, Z): relative steps on a grid of 0.1 units, without steps of no length.
 *
 * A tenth of a pixel cannot be seen, and a curve of a thousand points takes a third of the bytes. Rounding does not add up: each step is
 * taken from where the last one has led.
 */
export function compactPathData(data: string): string {
  let out = "";
  let x = 0;
  let y = 0;
  let command = "";
  const step = (toX: number, toY: number): string => `${tenths(toX - x)}${spaced(tenths(toY - y))}`;
  for (const [, letter, rest] of data.matchAll(COMMAND)) {
    const numbers = (rest as string)
      .split(/[ ,]+/)
      .filter((text) => text !== "")
      .map((text) => Math.round(Number(text) * 10));
    if (letter === "Z") {
      out += "z";
      command = "z";
    } else if (letter === "M") {
      x = numbers[0] as number;
      y = numbers[1] as number;
      out += `M${tenths(x)}${spaced(tenths(y))}`;
      command = "M";
    } else {
      const size = letter === "L" ? 2 : 6;
      for (let at = 0; at + size <= numbers.length; at += size) {
        const toX = numbers[at + size - 2] as number;
        const toY = numbers[at + size - 1] as number;
        if (size === 2 && toX === x && toY === y) continue;
        const name = size === 2 ? "l" : "c";
        let text = "";
        for (let k = 0; k < size; k += 2) {
          const part = step(numbers[at + k] as number, numbers[at + k + 1] as number);
          text += k === 0 ? part : spaced(part);
        }
        out += command === name ? spaced(text) : `${name}${text}`;
        command = name;
        x = toX;
        y = toY;
      }
    }
  }
  return out;
}

/** Tenths as a decimal number without leading zero. */
function tenths(value: number): string {
  const text = String(Math.abs(value) / 10).replace(/^0\./, ".");
  return value < 0 ? `-${text}` : text;
}

/** A number that follows another one: a minus sign separates by itself. */
function spaced(text: string): string {
  return text.startsWith("-") ? text : ` ${text}`;
}
