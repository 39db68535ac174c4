/** What is told about a file: a kind, facts in words for people, and the same for programs. */
export interface Description {
  readonly kind: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly json: Readonly<Record<string, unknown>>;
}
