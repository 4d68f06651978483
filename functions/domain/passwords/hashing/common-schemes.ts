import type { Bcrypt } from './primitives/bcrypt.ts'
import type { Scheme } from './scheme.ts'
import { bcryptScheme } from './schemes/bcrypt.ts'
import { django } from './schemes/django.ts'
import { phc } from './schemes/phc.ts'
import { werkzeug } from './schemes/werkzeug.ts'

/** The schemes that most imported accounts have, and our own. bcrypt hashes are read only where there is a bcrypt. */
export const createCommonSchemes = (bcrypt: Bcrypt | undefined): readonly Scheme[] => [
  phc,
  werkzeug,
  django,
  ...(bcrypt ? [bcryptScheme(bcrypt)] : []),
]
