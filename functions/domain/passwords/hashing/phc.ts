/** A password hash in PHC string format: $id[$v=version]$name=value,…$salt$hash, base64 without padding. */
export type Phc = {
  readonly id: string
  readonly version?: number
  readonly parameters: Readonly<Record<string, number>>
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

const form =
  /^\$(?<id>[a-z0-9-]{1,32})(?:\$v=(?<version>\d{1,10}))?\$(?<parameters>[a-z]{1,8}=\d{1,10}(?:,[a-z]{1,8}=\d{1,10}){0,7})\$(?<salt>[A-Za-z0-9+/]{1,172})\$(?<hash>[A-Za-z0-9+/]{1,172})$/

/** Undefined for what is not of the form. Whether the values make sense is for the scheme to say. */
export function readPhc(text: string): Phc | undefined {
  const groups = form.exec(text)?.groups
  if (!groups) return undefined
  const { id = '', version, parameters = '', salt = '', hash = '' } = groups
  const pairs = parameters.split(',').map((pair) => pair.split('='))
  return {
    id,
    ...(version === undefined ? {} : { version: Number(version) }),
    parameters: Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)])),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

export function formatPhc({ id, version, parameters, salt, hash }: Phc): string {
  const costs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return `$${id}${version === undefined ? '' : `$v=${version}`}$${costs.join(',')}$${base64(salt)}$${base64(hash)}`
}
