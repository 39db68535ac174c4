import { MclnnError } from "@mclnn/physics";

/** What is said beside the option, what is expected and what came. */
interface Words {
  /** What is wrong, in place of "--option cannot be used". */
  readonly what?: string;
  readonly mend?: string | undefined;
}

/** The error of an option whose value is of no use. */
export function badOption(
  option: string,
  expected: string,
  got: string,
  { what = `${option} cannot be used`, mend }: Words = {},
): MclnnError {
  const details = { code: "bad-option", argument: option, expected, got } as const;
  return new MclnnError(what, mend === undefined ? details : { ...details, mend });
}

/** The error of options that cannot be had together. */
export function conflictingOptions(
  option: string,
  expected: string,
  got = "both",
  { what = "options exclude each other", mend }: Words = {},
): MclnnError {
  const details = { code: "conflicting-options", argument: option, expected, got } as const;
  return new MclnnError(what, mend === undefined ? details : { ...details, mend });
}

/** The error of an option that a command cannot do without. @param value - in words */
export function missingOption(
  option: string,
  value: string,
  got = `no ${option}`,
  what = `${option} is missing`,
): MclnnError {
  return new MclnnError(what, {
    code: "missing-option",
    argument: option,
    expected: `${option} ${value}`,
    got,
  });
}
