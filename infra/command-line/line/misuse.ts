/** A line that cannot be understood: exit code 2, where a command that fails has 1. */
export class Misuse extends Error {}

/** Stops a command whose line is wrong, with one sentence that says what is allowed. */
export function misuse(sentence: string): never {
  throw new Misuse(sentence)
}
