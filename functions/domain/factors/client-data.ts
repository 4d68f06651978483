import { hashChallenge } from './passkey-options.ts'

export type ClientDataRefusal = 'malformed' | 'wrong_ceremony' | 'wrong_challenge' | 'wrong_origin' | 'cross_origin'

export type ExpectedClientData = {
  readonly type: 'webauthn.create' | 'webauthn.get'
  readonly challengeHash: string
  readonly origins: readonly string[]
}

/** Checks what the browser says of itself (WebAuthn L3 5.8.1, 7.1 steps 7 to 11, 7.2 steps 11 to 15). */
export function checkClientData(bytes: Uint8Array, expected: ExpectedClientData): ClientDataRefusal | undefined {
  const clientData = parse(bytes)
  if (!clientData) return 'malformed'
  const { type, challenge, origin, crossOrigin, topOrigin } = clientData
  if (type !== expected.type) return 'wrong_ceremony'
  if (typeof challenge !== 'string' || hashChallenge(challenge) !== expected.challengeHash) return 'wrong_challenge'
  if (typeof origin !== 'string' || !expected.origins.includes(origin)) return 'wrong_origin'
  // Nobody's page has a log-in of ours in a frame.
  if ((crossOrigin !== undefined && crossOrigin !== false) || topOrigin !== undefined) return 'cross_origin'
  return undefined
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
