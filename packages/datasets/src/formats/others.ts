import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Head } from "./format.ts";

/** How to bring what MDAnalysis reads here; `%` is the file. */
const RECIPE = `# pip install MDAnalysis; a topology (.gro, .pdb, .data, .psf) tells names and masses: Universe("system.gro", "%")
import MDAnalysis as mda, numpy as np
u = mda.Universe("%")
frames = [(ts.time, ts.positions.copy(), ts.velocities.copy() if ts.has_velocities else None, ts.triclinic_dimensions) for ts in u.trajectory]
times, x, v, box = map(list, zip(*frames))
out = dict(positions=np.array([x], float), times=np.array(times, float), masses=np.array(getattr(u.atoms, "masses", np.ones(len(u.atoms))), float))
if v[0] is not None: out["velocities"] = np.array([v], float)
if box[0] is not None: out.update(box=np.array(box, float), periodic=np.ones(3, np.uint8))
np.savez("data.npz", **out)`;

/** Lines that turn a file that MDAnalysis reads into our NPZ. @param file - how to call it in them */
export function recipeFor(file: string): string {
  checkArgument("file", file, "text");
  return RECIPE.replaceAll("%", file.replaceAll(/["\\\n]/g, "_"));
}

/** Files that are known and not read: what they are, how they are told, and what to do. */
const OTHERS: readonly {
  readonly what: string;
  readonly is: (head: Head) => boolean;
  /** Undefined: by the recipe. */
  readonly mend?: string;
}[] = [
  { what: "a GROMACS XTC trajectory", is: ({ bytes }) => begins(bytes, 0, 0, 7, 0xcb) },
  { what: "a GROMACS TRR trajectory", is: ({ bytes }) => begins(bytes, 0, 0, 7, 0xc9) },
  { what: "a DCD trajectory", is: ({ text }) => /^[\s\S]{4,8}CORD/.test(text.slice(0, 16)) },
  {
    what: "a GROMACS structure (GRO)",
    is: ({ text }) => /^.*\n\s*\d+\s*\n[ \d]{5}.{10}[ \d]{5}\s*-?\d+\.\d+\s*-?\d+\.\d+/.test(text),
  },
  {
    what: "a PDB structure",
    is: ({ text }) => /^(HEADER|CRYST1|ATOM {2}|HETATM|TITLE {3}|REMARK)/.test(text),
  },
  {
    what: "a binary LAMMPS dump",
    is: ({ text }) => /DUMP(ATOM|CUSTOM)/.test(text.slice(0, 64)),
    mend: "LAMMPS' binary2txt makes a text dump of it; or write one: dump 1 all custom 10 run.lammpstrj id type x y z ix iy iz vx vy vz.",
  },
  {
    what: "a file packed by zstd, xz or bzip2",
    is: ({ bytes }) =>
      begins(bytes, 0x28, 0xb5, 0x2f, 0xfd) ||
      begins(bytes, 0xfd, 0x37, 0x7a, 0x58) ||
      begins(bytes, 0x42, 0x5a, 0x68),
    mend: "Unpack it first; gzip is read as it is.",
  },
  {
    what: "a Python pickle",
    is: ({ bytes }) => bytes[0] === 0x80 && (bytes[1] as number) <= 5,
    mend: 'Running one would run its code. Save arrays: np.savez("data.npz", positions=x, times=t, masses=m).',
  },
  {
    what: "a MATLAB file",
    is: ({ text }) => text.startsWith("MATLAB 5.0"),
    mend: 'In Python: m = scipy.io.loadmat(FILE); np.savez("data.npz", positions=m["x"], times=m["t"].ravel(), masses=m["m"].ravel()).',
  },
];

const begins = (bytes: Uint8Array, ...first: number[]): boolean =>
  first.every((byte, k) => bytes[k] === byte);

/** Says of a file that is known and not read how to bring it here. @throws MclnnError `convert-first` */
export function refuseOthers(name: string, head: Head): void {
  const found = OTHERS.find(({ is }) => is(head));
  if (found === undefined) return;
  throw new MclnnError(`${name} has to be converted first`, {
    code: "convert-first",
    argument: name,
    expected: "a format that is read here (mclnn systems lists them)",
    got: found.what,
    mend: found.mend ?? `These lines make data.npz of it:\n${recipeFor(name)}`,
  });
}
