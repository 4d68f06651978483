// The authorizer that AWS' own library makes, with a log line.
import { JwtVerifier } from 'aws-jwt-verify'

const { ISSUER: issuer, AUDIENCE: audience, JWKS } = process.env
const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` })
verifier.cacheJwks(JSON.parse(JWKS))

export const handler = async (event) => {
  try {
    const { sub, scope } = verifier.verifySync(event.headers.authorization.slice('Bearer '.length))
    process.stdout.write(`${JSON.stringify({ event: 'allowed', sub })}\n`)
    return { isAuthorized: true, context: { sub, scope } }
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ event: 'denied', reason: error.name })}\n`)
    return { isAuthorized: false }
  }
}
