export type { DataTable } from "./data-table.ts";
export type * from "./document.ts";
export type * from "./figure-plan.ts";
export type * from "./job-hooks.ts";
export type * from "./results.ts";
export type * from "./series.ts";
