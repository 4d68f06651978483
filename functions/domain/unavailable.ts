/** Something outside did not answer in time. Trying again may help, so the caller is told 503 rather than 500. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}
