/** The key under which an array of float64 stands in JSON, as base64 of its bytes (little endian): exact, and a third of the digits. */
const FLOAT64 = "float64";

/** A result as JSON text; numbers that do not exist become null. */
export function encodeResult(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Float64Array)
      return {
        [FLOAT64]: Buffer.from(member.buffer, member.byteOffset, member.byteLength).toString(
          "base64",
        ),
      };
    return member;
  });
}

/** Reads what {@link encodeResult} wrote. @throws SyntaxError */
export function decodeResult(text: string): unknown {
  return JSON.parse(text, (_, member: unknown) => {
    if (typeof member !== "object" || member === null || !(FLOAT64 in member)) return member;
    const { [FLOAT64]: base64 } = member;
    if (typeof base64 !== "string" || Object.keys(member).length !== 1) return member;
    // A copy: a Buffer's own memory need not begin where a float64 may.
    return new Float64Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
  });
}
