import { checkArgument, type Requirement } from "./requirement.ts";

/** What a value is looked at by. */
type Check = (argument: string, value: unknown) => void;

/** That, or nothing. */
export const optional =
  (requirement: Requirement): Check =>
  (argument, value) => {
    if (value !== undefined) checkArgument(argument, value, requirement);
  };

/** An array of nothing but that. */
export const listOf =
  (requirement: Requirement): Check =>
  (argument, value) => {
    checkArgument(argument, value, "list");
    Array.from(value as ArrayLike<unknown>).forEach((each, k) => {
      checkArgument(`${argument}[${k}]`, each, requirement);
    });
  };

/** An object with nothing but that, under whatever keys. */
export const dictionaryOf =
  (requirement: Requirement): Check =>
  (argument, value) => {
    checkArgument(argument, value, {});
    for (const [key, each] of Object.entries(value as object))
      checkArgument(`${argument}.${key}`, each, requirement);
  };
