import type { Reason } from "../reasons.ts";

const MANIFEST = "apps/cli/src/outputs/manifest.ts";

/** Of what the program itself reads. */
export const program: readonly Reason[] = [
  {
    file: MANIFEST,
    why: "JSON.parse makes text of bytes as UTF-8",
    changes: [['"utf8"', '""']],
  },
  {
    file: MANIFEST,
    why: "nothing is no list",
    changes: [["{ return undefined; }", "{}"]],
  },
];
