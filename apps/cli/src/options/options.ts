import { type Command, Option } from "commander";
import type { ExitCode } from "../process/exit-code.ts";
import type { Runner, Session } from "../session/session.ts";
import { choice as choiceOf } from "./choice.ts";
import { examples as examplesText } from "./example.ts";
import { type NumberRule, number as numberOf } from "./number.ts";
import { widths as widthsOf } from "./widths.ts";

/** An option: the word for its value (null: a flag), its help, how its text is read, what holds without it. @typeParam T - what the command gets */
export interface OptionRow<T> {
  readonly value: string | null;
  readonly help: string;
  readonly parser?: ((option: string) => (text: string) => unknown) | undefined;
  readonly preset?: T | undefined;
  /** The preset as help shows it. */
  readonly shown?: string;
}

/** Options by their names in code: `rolloutRecords` is `--rollout-records`. */
export type OptionTable = Readonly<Record<string, OptionRow<unknown>>>;

type ValueOf<R> = R extends OptionRow<infer T> ? T : never;

/** What a command gets: options without a preset may be absent. */
export type OptionsOf<S extends OptionTable> = {
  readonly [K in keyof S as undefined extends ValueOf<S[K]> ? never : K]: ValueOf<S[K]>;
} & {
  readonly [K in keyof S as undefined extends ValueOf<S[K]> ? K : never]?: Exclude<
    ValueOf<S[K]>,
    undefined
  >;
};

/** The row of an option that is there always where it has a preset `P`. */
type Row<T, P> = OptionRow<undefined extends P ? T | undefined : T>;

export const flag = (help: string): OptionRow<boolean | undefined> => ({ value: null, help });

export const text = <P extends string | undefined = undefined>(
  value: string,
  help: string,
  preset?: P,
): Row<string, P> => ({ value, help, preset });

export const number = <P extends number | undefined = undefined>(
  value: string,
  help: string,
  rule: NumberRule,
  preset?: P,
): Row<number, P> => ({ value, help, parser: (option) => numberOf(option, rule), preset });

export const choice = <const T extends string, P extends T | undefined = undefined>(
  value: string,
  help: string,
  choices: readonly T[],
  preset?: P,
): Row<T, P> => ({ value, help, parser: (option) => choiceOf(option, choices), preset });

/** A value that a parser of its own reads. */
export const parsed = <T>(
  value: string,
  help: string,
  parser: (option: string) => (text: string) => T,
): OptionRow<T | undefined> => ({ value, help, parser });

/** Hidden widths: `10,10`. */
export const widths = <P extends readonly number[] | undefined = undefined>(
  value: string,
  help: string,
  preset?: P,
): Row<readonly number[], P> => ({
  value,
  help,
  parser: widthsOf,
  preset,
  ...(preset === undefined ? {} : { shown: preset.join(",") }),
});

/** The rule for whole numbers. */
export const whole = (atLeast = 1): NumberRule => ({ integer: true, atLeast });
export const POSITIVE: NumberRule = { above: 0 };

/** A command in the program's grammar. */
export interface CommandSpec<S extends OptionTable> {
  readonly name: string;
  /** What it works on, in their order. */
  readonly operands?: readonly {
    readonly name: string;
    readonly help: string;
    readonly optional?: boolean;
  }[];
  readonly summary: string;
  readonly description: string;
  readonly options: S;
  readonly examples: readonly string[];
}

export const spec = <S extends OptionTable>(command: CommandSpec<S>): CommandSpec<S> => command;

/** Makes a command a part of a program. @param work - what it does; loading it is up to it */
export function addCommand<S extends OptionTable>(
  program: Command,
  run: Runner,
  { name, operands = [], summary, description, options, examples }: CommandSpec<S>,
  work: (options: OptionsOf<S>, session: Session, operands: readonly string[]) => Promise<ExitCode>,
): void {
  const command = program
    .command(name)
    .summary(summary)
    .description(description)
    .addHelpText("after", examplesText(...examples));
  for (const each of operands)
    command.argument(each.optional === true ? `[${each.name}]` : `<${each.name}>`, each.help);
  addOptions(command, options);
  command.action(() =>
    run((session) => work(command.opts() as OptionsOf<S>, session, command.args)),
  );
}

/** Adds the options of a table to a command. */
export function addOptions(command: Command, options: OptionTable): void {
  for (const [key, { value, help, parser, preset, shown }] of Object.entries(options)) {
    const long = `--${kebab(key)}`;
    const option = new Option(value === null ? long : `${long} ${value}`, help);
    if (parser !== undefined) option.argParser(parser(long));
    if (preset !== undefined) option.default(preset, shown);
    command.addOption(option);
  }
}

/** A name in code as an option has it: `rollout-records`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
