/** Where it is kept to whom a subject was given that was not made here. */
export type SubjectStore = {
  /** False where it was given to another name before: a subject is never reused (RFC 9068 section 5). */
  readonly claimSubject: (sub: string, username: string) => Promise<boolean>
}

/** A subject from elsewhere, such as the number of a user: 1 to 128 printable characters of ASCII, no space. */
export const readSubject = (text: string): string | undefined => (/^[\x21-\x7e]{1,128}$/.test(text) ? text : undefined)
