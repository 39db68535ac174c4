import type { FigurePlan } from "./figure-plan.ts";

/** A table of texts. */
export interface DocumentTable {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly align?: "left" | "right" }[];
  readonly rows: readonly (readonly string[])[];
  /** Lets long texts break over lines; narrow screens get a paragraph a cell. */
  readonly wrap?: boolean;
  /** How a row stands out, by its index: `pale` where it is there for comparison, `bad` where something failed. */
  readonly tones?: readonly ("pale" | "bad" | undefined)[];
  /** Single cells that tell of a failure, by row and column. */
  readonly failures?: readonly (readonly boolean[])[];
}

/** A part of a document. Texts are plain: whoever writes the document escapes them. @typeParam F - a figure: the plan of one, or one that is drawn */
export type DocumentBlock<F = FigurePlan> =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "quote"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "failure"; readonly text: string }
  /** Facts that are shown when they are asked for. */
  | {
      readonly kind: "folded";
      readonly text: string;
      readonly rows: readonly (readonly [string, string])[];
    }
  /** A verdict on a claim, in a few words, with a figure of the page that shows it. */
  | {
      readonly kind: "verdict";
      readonly text: string;
      readonly verdict: string;
      readonly number: string;
      /** Name of the figure. */
      readonly figure?: string;
    }
  | {
      readonly kind: "facts";
      readonly rows: readonly (readonly [string, string])[];
      /** In small print. */
      readonly small?: boolean;
    }
  | { readonly kind: "table"; readonly table: DocumentTable }
  | {
      readonly kind: "figure";
      readonly figure: F;
      /** What the reader finds in it. Default: its description. */
      readonly text?: string;
    };
