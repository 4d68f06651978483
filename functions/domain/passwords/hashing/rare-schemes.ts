import type { Bcrypt } from './primitives/bcrypt.ts'
import { aspnet } from './rare/aspnet.ts'
import { betterAuth } from './rare/better-auth.ts'
import { djangoBcrypt } from './rare/django-bcrypt.ts'
import { drupal } from './rare/drupal.ts'
import { firebase } from './rare/firebase.ts'
import { ldap } from './rare/ldap.ts'
import { shaCrypt } from './rare/sha-crypt.ts'
import { spring } from './rare/spring.ts'
import { werkzeugDigest } from './rare/werkzeug-digest.ts'
import { phpass, wordpress } from './rare/wordpress.ts'
import type { Scheme } from './scheme.ts'
import { wrapped } from './wrapped-hash.ts'

export { wrapFast } from './wrapped-hash.ts'

const fast = [werkzeugDigest, phpass, ldap]

/** The schemes that few accounts have. A bundle loads them with the first hash that is of none of the common ones. */
export const createRareSchemes = (bcrypt: Bcrypt | undefined): readonly Scheme[] => [
  wrapped(fast),
  ...fast,
  aspnet,
  betterAuth,
  drupal,
  firebase,
  shaCrypt,
  ...(bcrypt ? [djangoBcrypt(bcrypt), spring(bcrypt), wordpress(bcrypt)] : []),
]
