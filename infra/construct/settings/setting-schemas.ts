import { createHash } from 'node:crypto'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { type Duration, Token } from 'aws-cdk-lib/core'
import * as v from 'valibot'
import { isIssuerUrl, isSecureUrl, type Range } from '../../../functions/domain/setting-rules.ts'
import { allowedDomainName, isDomainName } from '../domain/domain-rules.ts'
import { allowedPasskeyOrigins, allowedRpId, isPasskeyOrigin, isRpId } from '../factors/rp-id-rules.ts'
import { allowedAccent, isAccentColor } from '../look/accent.ts'
import { allowedLogo, logoTypeOf } from '../look/logo.ts'
import { allowedAddress, isIdentityArn, isPlainAddress } from '../mail/mail-rules.ts'

/** The message for anything wrong with a setting says what is allowed, and may say what is wrong with the value. */
const allow = <const Schema extends v.GenericSchema>(
  allowed: string | ((value: unknown) => string),
  schema: Schema,
): Schema => {
  const message = typeof allowed === 'string' ? allowed : ({ input }: v.BaseIssue<unknown>) => allowed(input)
  return v.config(schema, { message, abortPipeEarly: true })
}

// `-c` gives strings and cdk.json gives JSON, so numbers and lists may come as either.
const number = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))])
const words = v.union([v.array(v.string()), v.pipe(v.string(), v.transform(splitWords))])

// By what it can do: an app may have CDK twice, and then its Duration is another class.
const isDuration = (value: unknown): value is Duration => typeof Object(value).toSeconds === 'function'

// Props may be CDK's durations. One that only a deployment knows cannot be checked here.
const secondsOrDuration = v.union([
  number,
  v.pipe(
    v.custom<Duration>((value) => isDuration(value) && !value.isUnresolved()),
    v.transform((duration) => duration.toSeconds({ integral: false })),
  ),
])

export const integer = ({ min, max }: Range) =>
  allow(`an integer from ${min} to ${max}`, v.pipe(number, v.integer(), v.minValue(min), v.maxValue(max)))

export const seconds = ({ min, max }: Range) =>
  allow(`whole seconds from ${min} to ${max}`, v.pipe(secondsOrDuration, v.integer(), v.minValue(min), v.maxValue(max)))

/** A bad value for the message that says so. */
export const show = (value: unknown): string =>
  isDuration(value)
    ? value.isUnresolved()
      ? 'a duration that is known only at deploy'
      : value.toHumanString()
    : JSON.stringify(value)

export const secondsOr = <const Word extends string>({ min, max }: Range, word: Word) =>
  allow(
    `whole seconds from ${min} to ${max}, or ${word}`,
    v.union([
      v.literal(word),
      v.pipe(
        secondsOrDuration,
        v.integer(),
        v.check((value) => value >= min && value <= max),
      ),
    ]),
  )

const periods = Object.values(RetentionDays).filter((days) => typeof days === 'number')

export const retentionDays = allow(
  `days as CloudWatch keeps logs: ${periods.slice(0, -1).join(', ')}, or ${RetentionDays.INFINITE} forever`,
  v.pipe(number, v.enum(RetentionDays)),
)

export const choice = <const Options extends readonly [string, ...string[]]>(...options: Options) =>
  allow(options.join(' or '), v.picklist(options))

export const flag = allow(
  'true or false',
  v.union([
    v.boolean(),
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((text) => text === 'true'),
    ),
  ]),
)

// RFC 6749's scope-token without the comma. A single dash is how an empty list is written in an environment.
const word = v.pipe(v.string(), v.regex(/^(?!-$)[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/))

export const wordList = (what: string, min: number) =>
  list(`${min} to 50 different ${what} without white space, quotes or commas, 1,000 characters in all`, word, min, 50)

const defaultKeySpec = 'RSA_2048'

/** A signing key: its name, and the kind of key, which AWS lets nobody change later. */
export type Generation = { readonly name: string; readonly keySpec: 'RSA_2048' | 'RSA_3072' }

const allowedGenerations =
  '1 to 4 different names of letters, digits and dashes, each with its kind of key if it is not RSA_2048, such as 2:RSA_3072'

export const generationList = allow(
  allowedGenerations,
  v.pipe(
    list(allowedGenerations, v.pipe(v.string(), v.regex(/^[a-zA-Z0-9-]{1,32}(:RSA_(2048|3072))?$/)), 1, 4),
    v.transform((items): readonly Generation[] => items.map(readGeneration)),
    v.check((generations) => new Set(generations.map(({ name }) => name)).size === generations.length),
  ),
)

export const retiredList = list(
  'different names of generations, of letters, digits and dashes, or domain names',
  v.pipe(
    v.string(),
    v.check((name) => /^[a-zA-Z0-9-]{1,32}$/.test(name) || isDomainName(name)),
  ),
  0,
  20,
)

function readGeneration(text: string): Generation {
  const [name = '', keySpec = defaultKeySpec] = text.split(':')
  return { name, keySpec: keySpec as Generation['keySpec'] }
}

export const originList = list(
  'different origins such as https://app.example.com (http only for localhost), never *',
  v.pipe(v.string(), v.check(isOrigin)),
  0,
  20,
)

export const rpId = allow(allowedRpId, v.pipe(v.string(), v.check(isRpId)))

export const passkeyOriginList = list(allowedPasskeyOrigins, v.pipe(v.string(), v.check(isPasskeyOrigin)), 0, 20)

export const methodList = list(
  'methods, of GET, HEAD, POST, PUT, PATCH and DELETE',
  v.picklist(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  1,
  6,
)

// RFC 9110 section 5.1, without a star: API Gateway would then allow every header.
export const headerList = list(
  'names of headers, without *',
  v.pipe(
    v.string(),
    v.regex(/^[\w!#$%&'+.^`|~-]{1,64}$/),
    v.transform((name) => name.toLowerCase()),
  ),
  0,
  30,
)

export const issuerUrl = allow(
  'an https URL without query, fragment or trailing slash (http only for localhost)',
  v.pipe(v.string(), v.maxLength(256), v.check(isIssuer)),
)

export const line = (min: number, max: number) =>
  allow(
    `${min} to ${max} printable characters, neither first nor last a space`,
    v.pipe(v.string(), v.minLength(min), v.maxLength(max), v.regex(/^(?! )[\P{C}]*(?<! )$/u)),
  )

export const stackName = allow(
  '1 to 32 letters, digits and dashes, the first one a letter',
  v.pipe(v.string(), v.regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/)),
)

const functionArnForm = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$/

export const accountId = allow('the 12 digits of an AWS account', v.pipe(v.string(), v.regex(/^\d{12}$/)))

export const functionArn = allow(
  'the ARN of a Lambda function, without a version or with an alias',
  v.pipe(
    v.string(),
    v.check((text) => Token.isUnresolved(text) || functionArnForm.test(text)),
  ),
)

export const regionName = allow(
  'an AWS Region such as eu-central-1',
  v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/)),
)

export const domainName = allow(allowedDomainName, v.pipe(v.string(), v.check(isDomainName)))

export const certificateArn = allow(
  'the ARN of a certificate in AWS Certificate Manager',
  v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/)),
)

export const hostedZoneId = allow(
  'the id of a hosted zone in Route 53, such as Z0123456789ABCDEFGHIJ',
  v.pipe(v.string(), v.regex(/^Z[A-Z0-9]{1,31}$/)),
)

const headerName = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[a-z0-9-]{1,64}$/))

// What the commands that make a hash give for a variable that is not set.
const hashOfNothing = createHash('sha256').update('').digest('hex')

const viewerAddressObject = v.pipe(
  v.strictObject({
    header: headerName,
    secretHeader: headerName,
    secretHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  }),
  v.check(({ header, secretHeader, secretHash }) => header !== secretHeader && secretHash !== hashOfNothing),
  v.readonly(),
)

export const viewerAddress = allow(
  'an object (or its JSON) with header, another secretHeader, and secretHash, the SHA-256 of a secret in lower-case hex',
  v.union([viewerAddressObject, v.pipe(v.string(), v.parseJson(), viewerAddressObject)]),
)

export const accentColor = allow(allowedAccent, v.pipe(v.string(), v.check(isAccentColor)))

export const logo = allow(
  allowedLogo,
  v.pipe(
    v.string(),
    v.check((path) => logoTypeOf(path) !== undefined),
  ),
)

export const email = allow('an e-mail address', v.pipe(v.string(), v.maxLength(254), v.email()))

export const plainAddress = allow(allowedAddress, v.pipe(v.string(), v.check(isPlainAddress)))

export const identityArn = allow(
  'the ARN of an identity in Amazon SES, an address or a domain',
  v.pipe(v.string(), v.check(isIdentityArn)),
)

function list(allowed: string, item: v.GenericSchema<string, string>, min: number, max: number) {
  return allow(
    allowed,
    v.pipe(
      words,
      v.array(item),
      v.minLength(min),
      v.maxLength(max),
      v.check((items) => new Set(items).size === items.length),
      // A function's environment holds 4 KB, and AWS refuses more at deploy, when it is too late to say why.
      v.check((items) => items.join(' ').length <= 1000),
      v.readonly(),
    ),
  )
}

function splitWords(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}

// A value that CloudFormation produces at deploy cannot be read yet; the functions check it again at load.
function isIssuer(value: string): boolean {
  if (Token.isUnresolved(value)) return true
  return isIssuerUrl(value)
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && isSecureUrl(url) && url.origin === value && !value.includes('*')
}
