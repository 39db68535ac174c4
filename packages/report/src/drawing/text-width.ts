/**
 * Width of a text in DejaVu Sans, in pixels, estimated from the kinds of its letters, on the wide side.
 *
 * The fonts that stand in for it in browsers are narrower: what fits here fits there.
 */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const character of text) ems += letterWidth(character);
  return ems * size * (bold ? 1.12 : 1);
}

function letterWidth(character: string): number {
  if (/[ilIjftr.,:;'|!()[\]⁻⁰¹²³⁴⁵⁶⁷⁸⁹·]/u.test(character)) return 0.4;
  if (/[mwMW%—→]/u.test(character)) return 0.98;
  if (/[A-Z−+=<>±≤≥]/u.test(character)) return 0.74;
  if (character === " ") return 0.32;
  // Ideographs and emoji are square.
  if ((character.codePointAt(0) as number) > 0x2e7f) return 1.1;
  return 0.63;
}

/** Breaks a text into lines of at most `width` pixels, between words where it can. */
export function wrapText(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  let line = "";
  const fits = (candidate: string): boolean => textWidth(candidate, size, bold) <= width;
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (line !== "" && !fits(line + character)) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
