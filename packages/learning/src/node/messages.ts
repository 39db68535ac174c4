import type { MessagePort } from "node:worker_threads";
import type { ErrorRecord } from "../threads/error-record.ts";

/** What a thread is made with. */
export interface ThreadData {
  readonly port: MessagePort;
}

/** What a thread is told: a task, and what it needs for it. */
export interface Order {
  readonly job: number;
  readonly task: string;
  /** Shared things by name: their numbers. */
  readonly shared: Readonly<Record<string, number>>;
  /** Those of them that the thread does not have yet. */
  readonly sent: readonly (readonly [id: number, value: object])[];
  /** Numbers of shared things that will not come again. */
  readonly forgotten: readonly number[];
  readonly args: object;
  readonly parts: number;
  readonly board: SharedArrayBuffer;
  /** Which of the threads this is, from 1; 0 is who gives the orders. */
  readonly thread: number;
}

/** What a thread hands back for each part. */
export type Delivery =
  | { readonly job: number; readonly part: number; readonly result: unknown }
  | { readonly job: number; readonly part: number; readonly error: ErrorRecord };

/** Numbers on the board of a job, which all its threads see. */
export const BOARD = {
  /** The part that is taken next. */
  next: 0,
  /** Parts that threads have handed back. */
  delivered: 1,
  /** 1 once no further part should begin and those at work should end. */
  stop: 2,
  /** From here on one number a thread: 1 + the part it is at, 0 while it is at none. */
  at: 3,
} as const;
