import {
  type Form,
  isFilled,
  isMembers,
  type Members,
  type Reading,
  readBase64,
  textOf,
  unpadded,
  userOf,
} from './form.ts'

/**
 * The `users` of a realm that Keycloak exports. Since version 9 `secretData` and `credentialData` are JSON in a string; some
 * tools write them as objects, and before that salt and hash were members of the credential.
 */
export const keycloak: Form = {
  name: 'Keycloak',
  recognises: ({ credentials, enabled, username }) =>
    Array.isArray(credentials) || (typeof enabled === 'boolean' && typeof username === 'string'),
  toUser: ({ username, email, emailVerified, enabled, id, groups, credentials }) => {
    const address = { email, emailVerified: emailVerified === true }
    const disabledBy = { enabled: typeof enabled === 'boolean' ? !enabled : enabled }
    const known = { username: isFilled(username) ? username : email, ...address, sub: id, groups, disabledBy }
    const list: readonly unknown[] = Array.isArray(credentials) ? credentials : []
    const credential = list.filter(isMembers).find(({ type }) => type === 'password')
    if (!credential) return userOf(known)
    const hash = readHash(readCredential(credential))
    if ('hash' in hash) return userOf({ ...known, passwordHash: hash.hash })
    return { ...hash, ...(isFilled(known.username) && { username: known.username }) }
  },
}

type Credential = {
  readonly algorithm: unknown
  readonly iterations: unknown
  readonly salt: unknown
  readonly value: unknown
  readonly parameters: Members
}

function readCredential(credential: Members): Credential {
  const [secret, described] = [membersOf(credential['secretData']), membersOf(credential['credentialData'])]
  return {
    algorithm: described['algorithm'] ?? credential['algorithm'],
    iterations: described['hashIterations'] ?? credential['hashIterations'],
    salt: secret['salt'] ?? credential['salt'],
    value: secret['value'] ?? credential['hashedSaltedValue'],
    parameters: membersOf(described['additionalParameters']),
  }
}

function membersOf(value: unknown): Members {
  if (isMembers(value)) return value
  if (typeof value !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(value)
    return isMembers(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

type Hash = { readonly hash: string } | (Reading & { readonly wrong: string })

function readHash({ algorithm, iterations, salt, value, parameters }: Credential): Hash {
  const [saltBytes, bytes] = [salt, value].map((text) => (isFilled(text) ? readBase64(text) : undefined))
  if (!saltBytes) return { wrong: 'password_hash: the salt in secretData is missing or not base64.' }
  if (!bytes) return { wrong: 'password_hash: the value in secretData is missing or not base64.' }
  if (!Number.isSafeInteger(iterations)) return { wrong: 'password_hash: hashIterations is not a number.' }
  const end = `${unpadded(saltBytes)}$${unpadded(bytes)}`
  switch (algorithm) {
    case 'pbkdf2':
    case 'pbkdf2-sha256':
    case 'pbkdf2-sha512':
      return { hash: `$${algorithm}$i=${iterations}$${end}` }
    case 'argon2':
      return readArgon2(parameters, Number(iterations), end)
    default:
      return { wrong: 'password_hash: the algorithm is not pbkdf2, pbkdf2-sha256, pbkdf2-sha512 or argon2.' }
  }
}

const versions: ReadonlyMap<string, number> = new Map([
  ['1.0', 16],
  ['1.3', 19],
])

function readArgon2(parameters: Members, passes: number, end: string): Hash {
  // Each parameter is a list of one.
  const first = (name: string): string => textOf([parameters[name]].flat()[0]) ?? ''
  const [memory, lanes, version] = [first('memory'), first('parallelism'), versions.get(first('version'))]
  if (!/^(?:id|i|d)$/.test(first('type')) || !/^\d+$/.test(memory) || !/^\d+$/.test(lanes) || version === undefined)
    return { wrong: 'password_hash: additionalParameters of argon2 are missing or malformed.' }
  return { hash: `$argon2${first('type')}$v=${version}$m=${memory},t=${passes},p=${lanes}$${end}` }
}
