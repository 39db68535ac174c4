import { isMclnnError } from "@mclnn/physics";

/** The error that something ends in, which is one of the program's own. */
export async function refusal(of: Promise<unknown>) {
  const error = await of.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!isMclnnError(error)) throw error ?? new Error("nothing was refused");
  const { code, argument, message, expected, got, mend, cause } = error;
  return { code, argument, message, expected, got, mend, cause };
}
