import { phpassHash } from '../primitives/phpass.ts'
import type { Scheme } from '../scheme.ts'

/** `$S$`: phpass with SHA-512, cut to 55 characters, Drupal 7 to 10.0 (PhpassHashedPasswordBase). */
export const drupal: Scheme = {
  name: 'Drupal',
  form: /^\$S\$/,
  read: (text) => phpassHash({ digest: 'sha512', keyLength: 43 }, text),
}
