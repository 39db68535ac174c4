import type { Random } from "@mclnn/datasets";

/** A file format that strangers may write: how it is read, and how what was read is written. */
export interface Format {
  readonly name: string;
  /** Files that are in order. */
  readonly valid: readonly Uint8Array[];
  /** Reads strictly. @throws MclnnError for what is not in order */
  read(bytes: Uint8Array): unknown | Promise<unknown>;
  /** Writes what `read` gave. */
  write(value: unknown): Uint8Array;
  /** Damage that gets past checksums: a valid file taken apart, changed, and put together again with what guards it. */
  craft(bytes: Uint8Array, random: Random): Uint8Array;
}
