import { gzipSync } from "node:zlib";
import { encodeNpz, type TrajectorySet } from "@mclnn/datasets";
import { bytesSource, formatOf, readTrajectories } from "@mclnn/datasets/formats";
import type { Format } from "./format.ts";
import { mutated, mutatedText } from "./mutation.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const dump = (step: number, shift: number): string =>
  `ITEM: TIMESTEP\n${step}\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS xy xz yz pp pp ff\n-0.5 4 0.8\n0 4 -0.5\n0 3 0.6\n` +
  `ITEM: ATOMS id type x y z ix iy iz vx vy vz\n7 1 ${shift} 0.5 1 0 0 0 1 0 0 \n2 2 1.5 ${1 + shift} 1 0 -1 0 0 1 0 \n5 1 2 2 ${2 - shift} 0 0 0 0 0 1 \n`;
const scaled = (time: number): string =>
  `ITEM: TIME\n${time}\nITEM: TIMESTEP\n${10 * time}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 3\n0 3\n0 3\nITEM: ATOMS id element xs ys zs\n1 Ar ${0.2 + time} 0.1 0.9\n2 Ar 0.5 0.5 0.5\n`;
const yaml =
  "---\ncreator: LAMMPS\ntimestep: 0\nunits: metal\ntime: 0\nnatoms: 2\nboundary: [ p, p, p, p, p, p, ]\nbox:\n  - [ 0, 10 ]\n  - [ 0, 10 ]\n  - [ 0, 10 ]\n" +
  "keywords: [ id, type, x, y, z,  ]\ndata:\n  - [ 1 , 1 , 0 , 0 , 0, ]\n  - [ 2 , 1 , 2 , 2 , 0, ]\n...\n";
const data =
  "LAMMPS data file via write_data, timestep = 4, units = lj\n\n2 atoms\n1 atom types\n\n0 3 xlo xhi\n0 3 ylo yhi\n0 3 zlo zhi\n\nMasses\n\n1 1.5\n\nAtoms # atomic\n\n1 1 0 0 0 0 0 0\n2 1 1 1 1 0 -1 0\n\nVelocities\n\n1 0 1 0\n2 1 0 0\n";
const xyz = (k: number): string =>
  `2\nLattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:momenta:R:3:masses:R:1 step=${k} time_ps=${k * 0.1} note="a \\"b\\"" pbc="T T F"\nAr ${1 + 0.1 * k} 0 0 1 0 0 39.948\nAr 2 2 2 0 1 0 39.948\n`;
const plain = (k: number): string =>
  `2\nAtoms. Timestep: ${k}\n1 ${0.1 * k} 0 0\n2 1 ${1 + 0.1 * k} 1\n`;
const long = "frame,particle,x,y\n0,1,0,0\n0,2,5,5\n1,1,1,0\n1,2,5,6\n3,2,4,6\n";
const wide =
  "scorer,a,a,a,a,a,a\nbodyparts,p,p,p,q,q,q\ncoords,x,y,likelihood,x,y,likelihood\n0,0,0,.9,5,5,.9\n1,1,0,.5,5,6,.9\n";
const array = { shape: [5, 2, 3], data: Float64Array.from({ length: 30 }, (_, k) => Math.sqrt(k)) };

/** Files of other programs: what is read of them is written as extended XYZ, which is read again. */
const texts = (name: string, ...valid: readonly (string | Uint8Array)[]): Format => ({
  name,
  valid: valid.map((each) => (typeof each === "string" ? bytesOf(each) : each)),
  read: async (bytes) => (await readTrajectories(bytesSource("a file", bytes))).set,
  write: (set) =>
    bytesOf([...(formatOf(".extxyz")?.write?.(set as TrajectorySet, ".extxyz") ?? [])].join("")),
  craft: (bytes, random) =>
    bytes[0] === 0x50 || bytes[0] === 0x1f
      ? Uint8Array.from(mutated(bytes, random))
      : bytesOf(mutatedText(new TextDecoder().decode(bytes), random)),
});

export const trajectoryTexts: readonly Format[] = [
  texts(
    "LAMMPS dumps",
    dump(0, 0) + dump(5, 0.1),
    scaled(0) + scaled(0.1),
    yaml,
    gzipSync(scaled(0)),
  ),
  texts("LAMMPS data", data),
  texts("XYZ", xyz(0) + xyz(1), plain(0) + plain(10)),
  texts("tables of tracks", long, long.replaceAll(",", "\t"), wide),
  texts(
    "NumPy with other names",
    encodeNpz({ x: array, t: Float64Array.of(0, 1, 2, 3, 4), m: Float64Array.of(1, 2) }),
  ),
];
