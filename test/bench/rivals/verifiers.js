// The same token, checked by each library as its documentation has it, with the same key, kept from call to call.

import { createPublicKey } from 'node:crypto'
import { createClient } from '@openauthjs/openauth/client'
import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier } from 'fast-jwt'
import jsonwebtoken from 'jsonwebtoken'
import { subjects } from './openauth.js'

/** `openAuthToken` is one that says what OpenAuth's own tokens say, by the same key. */
export function createVerifiers({ jwk, issuer, audience, token, openAuthToken }) {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const pem = key.export({ type: 'spki', format: 'pem' })
  const cognito = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` })
  cognito.cacheJwks({ keys: [jwk] })
  const fast = createVerifier({
    key: pem,
    algorithms: ['RS256'],
    allowedIss: issuer,
    allowedAud: audience,
    cache: false,
  })
  const openAuth = createClient({
    clientID: 'web',
    issuer,
    // In place of the network: it asks once, and keeps what it was told.
    fetch: async (url) =>
      Response.json(
        String(url).endsWith('jwks.json') ? { keys: [jwk] } : { jwks_uri: `${issuer}/.well-known/jwks.json` },
      ),
  })
  return {
    'aws-jwt-verify': () => cognito.verifySync(token),
    'fast-jwt, cache off': () => fast(token),
    jsonwebtoken: () => jsonwebtoken.verify(token, key, { algorithms: ['RS256'], issuer, audience }),
    "OpenAuth's client": async () => {
      const { err } = await openAuth.verify(subjects, openAuthToken)
      if (err) throw err
    },
  }
}
