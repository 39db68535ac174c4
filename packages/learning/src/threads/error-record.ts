import { type ErrorDetails, isMclnnError, MclnnError } from "@mclnn/physics";

/** An error as plain data: structured cloning takes an error's own fields away. */
export interface ErrorRecord {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of an {@link MclnnError}; null for any other. */
  readonly details: Omit<ErrorDetails, "cause"> | null;
}

export function errorRecord(error: unknown): ErrorRecord {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (!isMclnnError(error)) return { message, stack, details: null };
  const { code, argument, expected, got, mend, missing, addRecords, kind } = error;
  return {
    message,
    stack,
    details: {
      code,
      expected,
      got,
      kind,
      ...(argument === undefined ? {} : { argument }),
      ...(mend === undefined ? {} : { mend }),
      ...(missing === undefined ? {} : { missing }),
      ...(addRecords === undefined ? {} : { addRecords }),
    },
  };
}

export function errorFrom({ message, stack, details }: ErrorRecord): Error {
  const error = details === null ? new Error(message) : new MclnnError(message, details);
  // What was expected and came is part of the message already.
  error.message = message;
  if (stack !== undefined) error.stack = stack;
  return error;
}
