import type { ColumnRole, Reading } from "./format.ts";
import type { TextTable } from "./table.ts";

/** Column of each role, from 0. */
export type Roles = Readonly<Partial<Record<ColumnRole, number>>>;

/** Titles as programs write them, without blanks, units and capitals; the first that is there is taken. */
const TITLES: Readonly<Partial<Record<ColumnRole, readonly string[]>>> = {
  frame: [
    ...["frame", "frames", "frameno", "framenumber", "frameid", "frameindex"],
    ...["slice", "record", "timeindex", "timestep", "step"],
  ],
  time: ["time", "t", "positiont", "seconds", "times", "timestamp"],
  particle: [
    ...["particle", "trackid", "track", "particleid", "trackno", "tracklet", "trajectoryid"],
    ...["objectid", "object", "bodyid", "body", "label", "id", "n"],
  ],
  x: ["x", "positionx", "posx", "xpos", "xposition", "centroidx", "xcentroid", "xm", "xcenter"],
  y: ["y", "positiony", "posy", "ypos", "yposition", "centroidy", "ycentroid", "ym", "ycenter"],
  z: ["z", "positionz", "posz", "zpos", "zposition", "centroidz", "zcentroid", "zm", "zcenter"],
  vx: ["vx", "velocityx", "velx"],
  vy: ["vy", "velocityy", "vely"],
  vz: ["vz", "velocityz", "velz"],
};

/** What only tables that this program wrote have: titles elsewhere mean other things (`mass` of TrackPy is brightness). */
const OWN: readonly ColumnRole[] = ["trajectory", "mass", "species", "charge"];

const plain = (title: string): string =>
  title
    .replaceAll(/[([{].*?[)\]}]/g, "")
    .replaceAll(/_(px|um|mm|nm|cm|m|s|ms|microns?|pixels?)$/gi, "")
    .replaceAll(/[\s_.#:-]/g, "")
    .toLowerCase();

/**
 * Which column holds what, by options and titles; what was guessed is said.
 *
 * @throws MclnnError of kind `input` with the columns there are, where x or y, or particles, are not found
 */
export function guessColumns(reading: Reading, { titles, rows }: TextTable): Roles {
  const names = titles.find((row) => roleOf(row, "x") >= 0) ?? titles[0] ?? [];
  const own = ["trajectory", "record", "time", "particle"].every((title, k) => names[k] === title);
  const told = reading.option("columns") ?? {};
  const roles: Partial<Record<ColumnRole, number>> = {};
  for (const [role, title] of Object.entries(told)) {
    const column = names.includes(title) ? names.indexOf(title) : Number(title) - 1;
    if (!Number.isInteger(column) || column < 0 || column >= (rows[0]?.length ?? 0))
      throw reading.refuse(
        "--columns",
        `titles among ${listedTitles(names, rows)}, or numbers from 1`,
        `${role}=${title}`,
      );
    roles[role as ColumnRole] = column;
  }
  const guessed: string[] = [];
  for (const role of [...(Object.keys(TITLES) as ColumnRole[]), ...(own ? OWN : [])]) {
    const column = own ? names.indexOf(role) : roleOf(names, role);
    if (roles[role] !== undefined || column < 0 || Object.values(roles).includes(column)) continue;
    roles[role] = column;
    guessed.push(names[column] === role ? role : `${role} = ${names[column]}`);
  }
  const missing =
    roles.x === undefined || roles.y === undefined
      ? "x and y"
      : roles.particle === undefined && !oneRowAFrame(roles, rows)
        ? "particle"
        : roles.frame === undefined && roles.time === undefined
          ? "frame or time"
          : undefined;
  if (missing !== undefined)
    throw reading.refuse(
      "",
      `a column of ${missing}`,
      listedTitles(names, rows),
      "--columns frame=TITLE,particle=TITLE,x=TITLE,y=TITLE says which is which.",
    );
  if (guessed.length > 0 && !own) reading.note(`columns: ${guessed.join(", ")}`);
  return roles;
}

function roleOf(names: readonly string[], role: ColumnRole): number {
  for (const title of TITLES[role] ?? []) {
    const column = names.findIndex((name) => plain(name) === title);
    if (column >= 0) return column;
  }
  return -1;
}

const listedTitles = (names: readonly string[], rows: TextTable["rows"]): string =>
  names.length > 0
    ? names.slice(0, 30).join(", ")
    : `${rows[0]?.length ?? 0} columns without titles`;

/** A table of one particle needs no column for it. */
function oneRowAFrame({ frame, time }: Roles, rows: TextTable["rows"]): boolean {
  const column = frame ?? time;
  return column !== undefined && new Set(rows.map((row) => row[column])).size === rows.length;
}

/** The unit in a title: x [um], x (um), x_um; undefined where there is none. */
export function unitIn(title: string | undefined): string | undefined {
  const found =
    /[([]\s*([^)\]]{1,20}?)\s*[)\]]/.exec(title ?? "") ?? /_(px|um|mm|nm|cm)$/i.exec(title ?? "");
  return found?.[1];
}
