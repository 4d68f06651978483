/** Stops a command with one sentence that the person at the keyboard can act on. */
export function refuse(sentence: string): never {
  throw new Error(sentence)
}
