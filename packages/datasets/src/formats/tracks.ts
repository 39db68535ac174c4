import type { Format, Head, Reading } from "./format.ts";
import { delimiterOf, readTable } from "./table.ts";
import { longTracks } from "./tracks-long.ts";
import { wideTracks } from "./tracks-wide.ts";
import { writeTracks } from "./tracks-writer.ts";

/** Tables of tracks, long (TrackPy, TrackMate, Tracker) and wide (DeepLabCut), between commas, tabs or semicolons. */
export const tracks: Format = {
  name: "table of tracks",
  endings: [".csv", ".tsv"],
  recognises: looksLikeTable,
  async read(reading: Reading) {
    const table = await readTable(reading);
    if (table.rows.length === 0)
      throw reading.refuse("", "rows of numbers under their titles", "none");
    return wideTracks(reading, table) ?? longTracks(reading, table);
  },
  leavesOut: ({ box }) => (box === undefined ? null : "the box"),
  write: writeTracks,
};

function looksLikeTable({ text, bytes }: Head): boolean {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if ((bytes.includes(0) && !wide) || /^\s*[{<]/.test(text)) return false;
  return delimiterOf(wide ? new TextDecoder("utf-16le").decode(bytes) : text) !== null;
}
