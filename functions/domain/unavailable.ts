/**
 * A dependency did not answer in time. Another try may succeed, so the client gets 503 rather than 500. A `cause` that is a
 * string is a word for the log.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}
