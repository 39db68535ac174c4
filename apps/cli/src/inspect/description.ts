import type { Fact } from "../terminal/fact.ts";

/** What is told about a file. */
export interface Description {
  readonly kind: string;
  readonly facts: readonly Fact[];
}
