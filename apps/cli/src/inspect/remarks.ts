import type { ReadTrajectories } from "@mclnn/datasets/formats";
import { inspectRecords } from "@mclnn/learning";

/** Looks at trajectories, and says what a person should know of them: sentences without a full stop. */
type Look = (read: ReadTrajectories) => readonly string[];

/** All looks; adding one is adding a line. */
const LOOKS: readonly Look[] = [
  ({ notes }) => notes,
  ({ set }) => inspectRecords(set).map(({ text }) => text),
];

/** What is worth knowing of trajectories beside their numbers. */
export function remarksOn(read: ReadTrajectories): string[] {
  return LOOKS.flatMap((look) => look(read));
}
