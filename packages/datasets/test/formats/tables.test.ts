import { expect, it } from "vitest";
import { readText } from "./read-sample.ts";

const LONG = "frame,particle,x,y\n0,1,0,0\n0,2,5,5\n1,1,1,0\n1,2,5,6\n";
const X = [0, 0, 5, 5, 1, 0, 5, 6];

/** The same tracks in the tables of many programs. */
const tables: readonly [what: string, text: string, options?: object][] = [
  ["commas", LONG],
  ["tabs", LONG.replaceAll(",", "\t")],
  ["semicolons", LONG.replaceAll(",", ";")],
  ["decimal commas", LONG.replaceAll(",", ";").replaceAll(/(\d)\n/g, "$1,0\n")],
  ["Windows and a byte order mark", `\ufeff${LONG.replaceAll("\n", "\r\n")}`],
  ["quotes", LONG.replaceAll(/(\w+)/g, '"$1"')],
  ["a comment for titles", `# ${LONG}`],
  [
    "no titles and numbers for columns",
    LONG.slice(LONG.indexOf("\n") + 1),
    { columns: { frame: "1", particle: "2", x: "3", y: "4" } },
  ],
  [
    "other titles, told",
    LONG.replace("frame,particle,x,y", "a,b,c,d"),
    { columns: { frame: "a", particle: "b", x: "c", y: "d" } },
  ],
  [
    "labels as floats, rows in any order",
    "y,x,frame,particle\n0,1,1,1.0\n0,0,0,1.0\n6,5,1,2.0\n5,5,0,2.0\n",
  ],
  [
    "TrackMate's titles and units",
    "LABEL,ID,TRACK_ID,QUALITY,POSITION_X,POSITION_Y,FRAME\nLabel,Spot ID,Track ID,Quality,X,Y,Frame\n,,,(quality),(micron),(micron),\nID1,1,1,9,0,0,0\nID2,2,2,9,5,5,0\nID3,3,1,9,1,0,1\nID4,4,2,9,5,6,1\nID5,5,,9,7,7,1\n",
  ],
  ["wide, by titles", "t,x_1,y_1,x_2,y_2\n0,0,0,5,5\n1,1,0,5,6\n"],
  ["Tracker's wide table", "\tmass_A\t\tmass_B\t\nt\tx\ty\tx\ty\n0\t0\t0\t5\t5\n1\t1\t0\t5\t6\n"],
];

it.each(tables)("%s", async (_, text, options = {}) => {
  const { set } = await readText(text, options);
  expect([...set.positions]).toEqual(X);
  expect([set.records, set.particles, set.dimension]).toEqual([2, 2, 2]);
  expect(set.observed).toBeUndefined();
});

it("frames that nobody was seen in are records too; scale and fps", async () => {
  const { set, timeUnit, units, used } = await readText(
    LONG.replaceAll("\n1,", "\n3,").replace("\n3,1", "\n2,3,9,9\n3,1"),
    {
      fps: 10,
      scale: { factor: 0.5, unit: "um" },
    },
  );
  expect(Array.from(set.times, (t) => Number(t.toPrecision(12)))).toEqual([0, 0.1, 0.2, 0.3]);
  expect([...(set.observed as Uint8Array)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0]);
  expect([...set.positions.slice(0, 4)]).toEqual([0, 0, 2.5, 2.5]);
  expect([timeUnit, units]).toEqual(["time", "um"]);
  expect([...used].sort()).toEqual(["fps", "scale"]);
});

it("times that run evenly with the frames are those of the records", async () => {
  const { set, timeUnit } = await readText(
    "frame,time,particle,x,y\n10,1.0,1,0,0\n11,1.5,1,1,1\n13,2.5,1,2,2\n",
  );
  expect([...set.times]).toEqual([1, 1.5, 2, 2.5]);
  expect(timeUnit).toBe("time");
});

it("likelihoods that are low are not seen", async () => {
  const text =
    "scorer,a,a,a,a,a,a\nbodyparts,p,p,p,q,q,q\ncoords,x,y,likelihood,x,y,likelihood\n0,0,0,.9,5,5,.9\n1,1,0,.5,5,6,.9\n";
  expect([...((await readText(text)).set.observed as Uint8Array)]).toEqual([1, 1, 0, 1]);
  expect((await readText(text, { likelihood: 0.4 })).set.observed).toBeUndefined();
});

it("the columns that were guessed are said, and brightness is no mass", async () => {
  const { set, notes } = await readText("y,x,mass,frame,particle\n0,0,300,0,4\n0,1,310,1,4\n");
  expect([...set.masses]).toEqual([1]);
  expect(notes).toContain("columns: frame, particle, x, y");
});
