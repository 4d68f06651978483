import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { awsError } from './aws-api.ts'

/** What a principal signs with. A function has a session token too. */
export type SigningCredentials = { readonly secretAccessKey: string; readonly sessionToken?: string | undefined }

type Scope = { readonly region: string; readonly service: string }

const authorization =
  /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
const sha256 = (value: string | Buffer) => createHash('sha256').update(value).digest('hex')
const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest()

/**
 * Checks Signature Version 4 of a POST without a query, over what has arrived: a request that AWS would refuse is refused
 * here too. Only requests of our own making are checked; those of the SDK's clients are the SDK's business.
 * @throws AwsError
 */
export function verifySignature(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  body: Buffer,
  { secretAccessKey, sessionToken }: SigningCredentials,
  { region, service }: Scope,
): void {
  const [, scope = '', names = '', signature = ''] = authorization.exec(headers.authorization ?? '') ?? []
  const time = String(headers['x-amz-date'])
  const wanted = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  if (scope !== wanted) throw refusal(`Credential should be scoped to ${wanted}, not ${scope}.`)

  const signedNames = names.split(';')
  const mustBeSigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]
  const unsigned = mustBeSigned.find((name) => !signedNames.includes(name))
  if (unsigned) throw refusal(`The header ${unsigned} is not signed.`)
  if (headers['x-amz-security-token'] !== sessionToken) throw refusal('The security token is not the one of this key.')

  const path = url.split('/').map(encodeURIComponent).join('/')
  const signedHeaders = signedNames.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`)
  const request = ['POST', path, '', ...signedHeaders, '', names, sha256(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  if (timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) return
  throw refusal('The request signature we calculated does not match the signature you provided.')
}

const refusal = (message: string) => awsError('InvalidSignatureException', message, 403)
