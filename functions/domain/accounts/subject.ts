/**
 * A subject of another system, such as a user's number: 1 to 128 printable ASCII characters without spaces, double quotes
 * and backslashes, because API Gateway writes it into its access log, which is JSON, as it is.
 */
export const readSubject = (text: string): string | undefined =>
  /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(text) ? text : undefined

/** Whether a subject looks like an e-mail address: it would stay in the table after its account is deleted. */
export const isPersonal = (sub: string): boolean => sub.includes('@')

/** Stands in for the subject of an unknown identifier. It contains spaces, so no account has it. */
export const unknownSubject = 'nobody has this subject'
