/** A right call of one public function, to get one thing after another in it wrong. */
export interface RightCall {
  /** Makes the arguments anew. */
  readonly args: () => readonly unknown[];
  /** Numbers that are no fault in what comes back though they are not finite. */
  readonly mayBe?: (x: number) => boolean;
  /** Functions that are given are called only later, by whoever uses what comes back: it cannot know what they will return. */
  readonly callsLater?: boolean;
  /** What is given is of another library, and its inside not looked at. */
  readonly whole?: boolean;
  /** It computes for a while: the tests only call it as it should be. */
  readonly slow?: boolean;
}

/** The public functions of one entry of a package. */
export interface EntryCalls {
  /** As it is imported. */
  readonly entry: string;
  readonly module: Readonly<Record<string, unknown>>;
  readonly calls: Readonly<Record<string, RightCall | RightCall["args"]>>;
  /** Functions that are not tried, and why. */
  readonly excused?: Readonly<Record<string, string>>;
}
