import type { ReadTrajectories } from "@mclnn/datasets/formats";

/** Looks at trajectories, and says what a person should know of them: sentences without a full stop. */
type Look = (read: ReadTrajectories) => readonly string[];

/** All looks; adding one is adding a line. */
const LOOKS: readonly Look[] = [({ notes }) => notes];

/** What is worth knowing of trajectories beside their numbers. */
export function remarksOn(read: ReadTrajectories): string[] {
  return LOOKS.flatMap((look) => look(read));
}
