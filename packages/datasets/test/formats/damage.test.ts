import { describe, expect, it } from "vitest";
import { readSample, readText, sampleText } from "./read-sample.ts";

const atoms = (...rows: string[]): string =>
  `ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n${rows.length}\nITEM: BOX BOUNDS ff ff ff\n0 9\n0 9\n0 9\nITEM: ATOMS id type x y z\n${rows.map((row) => `${row}\n`).join("")}`;
const frame = (step: number, ...xs: number[]): string =>
  `ITEM: TIMESTEP\n${step}\nITEM: NUMBER OF ATOMS\n${xs.length}\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z\n${xs.map((x, i) => `${i + 1} 1 ${x} ${i} 0\n`).join("")}`;

/** Texts that are refused: what the message must say. */
const refused: readonly [what: string, text: string, says: string | RegExp][] = [
  ["nothing", "", "an empty file"],
  ["a text", "Dear reader,\nthis is a letter.\n", "something else"],
  [
    "a huge number of atoms",
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1000000000000\nITEM: BOX BOUNDS ff ff ff\n0 9\n0 9\n0 9\nITEM: ATOMS id x y z\n1 0 0 0\n",
    "without a whole frame",
  ],
  [
    "a number of atoms that is none",
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n-3\n",
    'line 4 cannot be read: expected the number of atoms, got "-3"',
  ],
  [
    "NaN in a dump",
    atoms("1 1 0 0 0", "2 1 nan 0 0", "3 1 1 1 1"),
    "line 11 cannot be read: expected numbers",
  ],
  ["hexadecimal numbers", atoms("1 1 0 0 0", "2 1 0x1 0 0", "3 1 1 1 1"), "line 11"],
  ["an id twice", atoms("1 1 0 0 0", "1 1 1 0 0"), "expected each id once in a frame, got 1 twice"],
  ["a row of too few columns", atoms("1 1 0 0 0", "2 1 0", "3 1 1 1 1"), "expected 5 columns"],
  ["columns without positions", atoms().replace("x y z", "fx fy fz"), "expected columns x y z"],
  [
    "atoms without a box",
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id x y z\n1 0 0 0\n",
    "before ATOMS",
  ],
  ["a flat box", frame(0, 1, 2).replace("0 10\n0 10", "0 0\n0 10"), "expected a box with a volume"],
  ["a dump local", "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ENTRIES\n2\n", "write a dump custom"],
  ["a line that is none of a dump", "ITEM: TIMESTEP\n0\nhello\n", "a line that begins with ITEM:"],
  [
    "frames of different numbers without ids",
    "2\n\nA 0 0 0\nA 1 0 0\n1\n\nA 0 0 0\n",
    "expected 2 particles, as in the frames before, or ids",
  ],
  ["words for numbers in XYZ", "2\n\nA 0 0 0\nA 1 b 0\n2\n\nA 0 0 0\nA 1 0 0\n", "line 4"],
  [
    "a lattice of 8 numbers",
    '1\nLattice="1 0 0 0 1 0 0 0" Properties=species:S:1:pos:R:3\nA 0 0 0\n',
    "a Lattice of 9 numbers",
  ],
  [
    "quotes that do not end",
    '1\nLattice="1 0 0 0 1 0 0 0 1\nA 0 0 0\n',
    'an end to what begins with "',
  ],
  ["properties of no type", "1\nProperties=species:Q:1:pos:R:3\nA 0 0 0\n", "types S, I, R, L"],
  [
    "momenta without masses",
    "1\nProperties=species:S:1:pos:R:3:momenta:R:3\nFoo 0 0 0 1 0 0\n",
    "--mass Foo=VALUE",
  ],
  [
    "two rows for a particle in a frame",
    "frame,particle,x,y\n0,1,0,0\n0,2,1,1\n1,1,0,0\n1,1,3,3\n",
    /lines 4 and 5.*two for particle 1 in frame 1/,
  ],
  ["a table without x", "frame,particle,intensity\n0,1,2\n1,1,3\n", "a column of x and y"],
  ["a table without particles", "frame,x,y\n0,1,2\n0,1,3\n1,2,2\n", "--columns frame=TITLE"],
  [
    "a word in a table",
    "frame,particle,x,y\n0,1,0,0\n1,1,zero,0\n",
    /line 3.*expected numbers for frame and place/,
  ],
  [
    "a wide table that goes back in time",
    "scorer,a,a,a,a\nbodyparts,p,p,q,q\ncoords,x,y,x,y\n0,1,1,2,2\n0,1,1,2,2\n",
    "increase",
  ],
];

it.each(refused)("%s is refused", async (_, text, says) => {
  for (const piece of [5, 1e6])
    await expect(readText(text, {}, piece)).rejects.toMatchObject({
      name: "MclnnError",
      kind: "input",
      message:
        typeof says === "string" ? expect.stringContaining(says) : expect.stringMatching(says),
    });
});

describe("files of programs that were stopped", () => {
  it.each(["unwrapped-17digits-time-units.dump", "argon-lammps.extxyz"])(
    "%s cut anywhere in its last frame is read up to it",
    async (name) => {
      const text = sampleText(name);
      const whole = await readSample(name);
      const start = text.lastIndexOf(name.endsWith("dump") ? "ITEM: TIMESTEP" : "\n32\n") + 1;
      // A last number that lost its last digits is a number still: only a file that ends with a whole line is known to be whole.
      for (let end = start + 20; end < text.length - 25; end += 97) {
        const { set, notes } = await readText(text.slice(0, end), {}, 4096);
        expect(set.records).toBe(whole.set.records - 1);
        expect(notes.join()).toMatch(
          /the last frame is cut short at line \d+, and left out: 4 whole frames/,
        );
      }
    },
  );

  it("a step that comes again begins the later part", async () => {
    const { set, notes } = await readText(
      frame(0, 1, 2) + frame(1, 1.1, 2) + frame(2, 1.2, 2) + frame(1, 1.5, 2) + frame(2, 1.6, 2),
      { box: "none", dt: 1 },
    );
    expect([...set.positions].filter((_, k) => k % 6 === 0)).toEqual([1, 1.5, 1.6]);
    expect(notes.join()).toContain("step 1 comes again");
  });
});

describe("wrapped positions without flags", () => {
  it("that move too far to be followed are refused with the record", async () => {
    await expect(
      readText(frame(0, 9, 2) + frame(1, 9.4, 2) + frame(2, 2.6, 2)),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/record 2, particle 0 cannot be read: .*0.32 of the box away/),
    });
  });

  it("of which velocities say the same are refused too", async () => {
    const fast = (text: string): string =>
      text.replace("x y z", "x y z vx vy vz").replaceAll(/ 0\n(?=\d|ITEM|$)/g, " 0 6 0 0\n");
    const text = [frame(0, 9, 2), frame(1, 9.4, 2), frame(2, 0.2, 2)].map(fast).join("");
    await expect(readText(text, { dt: 1 })).rejects.toMatchObject({
      message: expect.stringContaining("moves 0.60 of the box to the next record, by its velocity"),
    });
  });

  it("that move less are followed", async () => {
    const { set } = await readText(frame(0, 9, 2) + frame(1, 9.9, 2) + frame(2, 0.8, 2));
    expect([...(set.images as Int32Array)].filter((_, k) => k % 6 === 0)).toEqual([0, 0, 1]);
  });
});

describe("other things that a file may do", () => {
  it("atoms come and go, in any order", async () => {
    const { set } = await readText(
      atoms("7 1 0 0 0", "3 1 1 0 0").replaceAll("type x", "type x") +
        atoms("12 1 3 0 0", "7 1 0.1 0 0").replace("TIMESTEP\n0", "TIMESTEP\n1"),
    );
    expect(set.particles).toBe(3);
    expect([...(set.observed as Uint8Array)]).toEqual([1, 1, 0, 0, 1, 1]);
    expect([...set.positions].filter((_, k) => k % 3 === 0)).toEqual([
      1,
      0,
      Number.NaN,
      Number.NaN,
      0.1,
      3,
    ]);
  });

  it("boxes that change are named", async () => {
    const { set, notes } = await readText(frame(0, 1, 2) + frame(1, 1, 2).replace("0 10", "0 11"));
    expect(set.box?.length).toBe(18);
    expect(notes.join()).toContain("1000.00 in frame 0 and 1100.00 in frame 1");
  });

  it("rows without ids that are other particles in each frame are named", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `A ${i} ${(i * 7) % 5} 0\n`);
    const { notes } = await readText(`12\n\n${rows.join("")}12\n\n${rows.reverse().join("")}`);
    expect(notes.join()).toContain("rows seem to be other particles in each frame");
  });

  it("Windows line ends, blanks at line ends, Fortran's exponents", async () => {
    const { set } = await readText("2 \r\n comment \r\nA 0 0 0 \r\nA 1.5D+00 0 0\r\n\r\n");
    expect([...set.positions]).toEqual([0, 0, 0, 1.5, 0, 0]);
  });

  it("a species that looks like an element beside one that does not has no mass of it", async () => {
    const { set, notes } = await readText("2\n\nA 0 0 0\nB 1 0 0\n");
    expect([...set.masses]).toEqual([1, 1]);
    expect(notes.join()).toContain("no particle has a mass in the file");
  });
});
