import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import type { HashPart } from '../../../../functions/domain/passwords/hashing/hash-part.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { rareHashes } from '../../../support/builders/imported-hashes.ts'

const hasher = createPasswordHasher(bcrypt)
const password = readPassword('password') as Password

const [salt, key] = ['A'.repeat(22), 'A'.repeat(43)]
const phc = (costs: string) => `$${costs}$${salt}$${key}`
const hex = 'ab'.repeat(32)
const bcryptTail = 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const firebase = (costs: string) => `$firebase-scrypt$${costs}$${salt}$${'A'.repeat(86)}`
const spring = (costs: string) => `{scrypt}$${costs}$${salt}==$${key}=`
const aspnet = (digest: number, rounds: number, saltLength = 16, keyLength = 32) => {
  const bytes = Buffer.alloc(13 + 16 + keyLength, 7)
  bytes[0] = 1
  bytes.writeUInt32BE(digest, 1)
  bytes.writeUInt32BE(rounds, 5)
  bytes.writeUInt32BE(saltLength, 9)
  return bytes.toString('base64')
}
const ssha = (prefix: string, bytes: number) => prefix + Buffer.alloc(bytes, 7).toString('base64')
const crypt = (rest: string) => `$6$${rest}$${'a'.repeat(86)}`
const phpass = (count: string, prefix = '$P$', length = 22) => `${prefix}${count}saltsalt${'a'.repeat(length)}`
const wrapped = (inner: string, outer = phc('argon2id$v=19$m=19456,t=2,p=1')) =>
  `wrapped$${Buffer.from(inner).toString('base64url')}${outer}`

// REQ-51
const faulty: Readonly<Record<HashPart, readonly (readonly [string, string])[]>> = {
  scheme: [
    ['plain text', 'plain'],
    ['Werkzeug plain', 'plain$$password'],
    ['unsalted MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['MD5-crypt', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'],
    ['Spring {noop}', '{noop}password'],
    ['Spring {sha256}', '{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0'],
    ['Spring {argon2} around something else', `{argon2}${phc('scrypt$ln=14,r=8,p=1')}`],
    ['LDAP without salt', '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='],
    ['Argon2d', phc('argon2d$v=19$m=4096,t=2,p=1')],
    ['Argon2id of version 1.0', phc('argon2id$m=4096,t=2,p=1')],
    ['Argon2id of version 16', phc('argon2id$v=16$m=4096,t=2,p=1')],
    ['scrypt with a version', phc('scrypt$v=1$ln=14,r=8,p=1')],
    ['Firebase with a version', firebase('v=1$ln=14,r=8,p=1')],
    ['bcrypt 2x', `$2x$10$${bcryptTail}`],
    ['bcrypt 2', `$2$10$${bcryptTail}`],
    ['Django bcrypt around something else', 'bcrypt$sha1$saltsalt$abcdef'],
    ['a name of Object', phc('constructor$m=1')],
    ['a dollar too many', `$${phc('argon2id$v=19$m=256,t=2,p=1')}`],
    ['a megabyte', `$2b$10$${'A'.repeat(1_000_000)}`],
    ['a megabyte of dollars', '$'.repeat(1_000_000)],
    ['a wrapped hash of a slow one', wrapped(`$2b$10$${bcryptTail}`)],
    ['a wrapped hash by PBKDF2', wrapped(`sha256$saltsalt$${'00'.repeat(32)}`, phc('pbkdf2-sha256$i=1000'))],
    ['a wrapped hash with nothing around it', wrapped(`sha256$saltsalt$${'00'.repeat(32)}`, '')],
  ],
  digest: [
    ['Werkzeug PBKDF2 by MD5', `pbkdf2:md5:260000$saltsaltsalt$${hex}`],
    ['Django PBKDF2 by SHA-3', `pbkdf2_sha3$260000$saltsaltsalt$${key}=`],
    ['PHC PBKDF2 by MD5', phc('pbkdf2-md5$i=1000')],
    ['ASP.NET by a fourth digest', aspnet(3, 1000)],
  ],
  cost: [
    ['Werkzeug scrypt of 16 GiB', `scrypt:16777216:8:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt of 2^31 blocks', `scrypt:2147483648:8:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, N no power of two', `scrypt:32767:8:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, N 1', `scrypt:1:8:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, N 0', `scrypt:0:8:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, r 0', `scrypt:32768:0:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, r 999', `scrypt:2:999:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, p 999', `scrypt:2:8:999$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, much work in little memory', `scrypt:131072:8:5$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt, a cost too few', `scrypt:32768:8$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2, a cost too many', `pbkdf2:sha256:1000:1$saltsaltsalt$${hex}`],
    ['Werkzeug scrypt without costs', `scrypt$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of 10^12 rounds', `pbkdf2:sha256:1000000000000$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of 5,000,001 rounds', `pbkdf2:sha256:5000001$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of 0 rounds', `pbkdf2:sha256:0$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of 007 rounds', `pbkdf2:sha256:007$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of -1 rounds', `pbkdf2:sha256:-1$saltsaltsalt$${hex}`],
    ['Werkzeug PBKDF2 of 1e9 rounds', `pbkdf2:sha256:1e9$saltsaltsalt$${hex}`],
    ['Django PBKDF2 of 10^12 rounds', `pbkdf2_sha256$1000000000000$saltsaltsalt$${key}=`],
    ['Django scrypt with r and p before the salt', `scrypt$16384$8$1$saltsaltsalt$${key}=`],
    ['Django Argon2 of 4 GiB', `argon2${phc('argon2id$v=19$m=4194304,t=2,p=8')}`],
    ['Argon2id that names a cost twice', phc('argon2id$v=19$m=256,t=2,t=1,p=1')],
    ['Argon2id without m', phc('argon2id$v=19$t=2,p=1')],
    ['Argon2id with a cost that it does not have', phc('argon2id$v=19$m=256,t=2,p=1,x=1')],
    ['Argon2id, less than 8 KiB a lane', phc('argon2id$v=19$m=64,t=2,p=16')],
    ['Argon2i of 4 GiB', phc('argon2i$v=19$m=4194304,t=2,p=1')],
    ['PHC PBKDF2 of 10^9 rounds', phc('pbkdf2-sha256$i=1000000000')],
    ['passlib PBKDF2 of 10^9 rounds', phc('pbkdf2-sha256$1000000000')],
    ['PHC scrypt of 16 GiB', phc('scrypt$ln=24,r=8,p=1')],
    ['PHC scrypt of ln 9999999999', phc('scrypt$ln=9999999999,r=8,p=1')],
    ['bcrypt of cost 31', `$2b$31$${bcryptTail}`],
    ['bcrypt of cost 15', `$2b$15$${bcryptTail}`],
    ['bcrypt of cost 03', `$2b$03$${bcryptTail}`],
    ['Django bcrypt of cost 15', `bcrypt_sha256$$2b$15$${bcryptTail}`],
    ['WordPress bcrypt of cost 15', `$wp$2y$15$${bcryptTail}`],
    ['Spring bcrypt of cost 15', `{bcrypt}$2a$15$${bcryptTail}`],
    ['Spring scrypt of 16 GiB', spring('180801')],
    ['Spring scrypt without costs', spring('')],
    ['Firebase of 16 GiB', firebase('ln=24,r=8,p=1')],
    ['Firebase with a cost twice', firebase('ln=14,r=8,r=8')],
    ['ASP.NET of 4 billion rounds', aspnet(1, 0xffffffff)],
    ['ASP.NET of 0 rounds', aspnet(1, 0)],
    ['SHA-crypt of 999 rounds', crypt('rounds=999$saltsalt')],
    ['SHA-crypt of 1,000,001 rounds', crypt('rounds=1000001$saltsalt')],
    ['SHA-crypt of no number of rounds', crypt('rounds=x$saltsalt')],
    ['phpass of 2^19 rounds', phpass('H')],
    ['phpass of 2^6 rounds', phpass('4')],
    ['phpass of no number of rounds', phpass('!')],
    ['Drupal of 2^30 rounds', phpass('S', '$S$', 43)],
    ['a wrapped hash of 4 GiB', wrapped(`sha256$saltsalt$${'00'.repeat(32)}`, phc('argon2id$v=19$m=4194304,t=2,p=1'))],
  ],
  salt: [
    ['Werkzeug scrypt, short', `scrypt:32768:8:1$salt$${hex}`],
    ['Werkzeug digest, three bytes', `sha256$abc$${hex}`],
    ['Werkzeug digest, no salt', `sha256$$${hex}`],
    ['Django, other characters', `pbkdf2_sha256$1000$salt*salt$${key}=`],
    ['PHC, short', `$argon2id$v=19$m=256,t=2,p=1$c29t$${key}`],
    ['PHC, missing', '$argon2id$v=19$m=256,t=2,p=1'],
    ['bcrypt, other characters', `$2b$10$${'='.repeat(53)}`],
    ['LDAP, three bytes', ssha('{SSHA}', 23)],
    ['LDAP, none', ssha('{SSHA512}', 64)],
    ['SHA-crypt, none', crypt('')],
    ['SHA-crypt, 17 characters', crypt('a'.repeat(17))],
    ['phpass, other characters', `$P$Bsalt*alt${'a'.repeat(22)}`],
    ['better-auth, 15 bytes', `${'ab'.repeat(15)}:${'ab'.repeat(64)}`],
    ['ASP.NET, longer than the hash', aspnet(1, 1000, 200)],
    ['ASP.NET, 7 bytes', aspnet(1, 1000, 7)],
    ['Spring PBKDF2, short', '{pbkdf2}abab'],
  ],
  key: [
    ['Werkzeug scrypt, short', 'scrypt:32768:8:1$saltsaltsalt$abababab'],
    ['Werkzeug scrypt, odd', `scrypt:32768:8:1$saltsaltsalt$${hex}a`],
    ['Werkzeug scrypt, upper-case', `scrypt:32768:8:1$saltsaltsalt$${hex.toUpperCase()}`],
    ['Werkzeug scrypt, something after it', `scrypt:32768:8:1$saltsaltsalt$${hex}$`],
    ['Werkzeug digest, of another digest', `sha512$saltsalt$${hex}`],
    ['Werkzeug digest, something after it', `sha256$saltsalt$${hex}$`],
    ['Django PBKDF2, short', 'pbkdf2_sha256$260000$saltsaltsalt$AAAA'],
    ['Django PBKDF2, something after it', `pbkdf2_sha256$260000$saltsaltsalt$${key}=$`],
    ['Django scrypt, something after it', `scrypt$16384$saltsaltsalt$8$1$${key}=$`],
    ['PHC, short', `$argon2id$v=19$m=256,t=2,p=1$${salt}$nf65`],
    ['PHC, empty', `$argon2id$v=19$m=256,t=2,p=1$${salt}$`],
    ['PHC, something after it', `${phc('argon2id$v=19$m=256,t=2,p=1')}$`],
    ['bcrypt, short', `$2b$10$${bcryptTail.slice(1)}`],
    ['bcrypt, long', `$2b$10$${bcryptTail}a`],
    ['LDAP, short', ssha('{SSHA256}', 31)],
    ['SHA-crypt, missing', '$6$saltsalt'],
    ['SHA-crypt, short', '$6$saltsalt$abcdefgh'],
    ['phpass, short', phpass('B', '$P$', 21)],
    ['Drupal, long', phpass('C', '$S$', 44)],
    ['better-auth, short', `${'ab'.repeat(16)}:${'ab'.repeat(63)}`],
    ['better-auth, other characters', `${'ab'.repeat(16)}:${'xy'.repeat(64)}`],
    ['ASP.NET, short', aspnet(1, 1000, 16, 15)],
    ['ASP.NET, none', 'AQAAAAEAAA=='],
    ['Firebase, short', `$firebase-scrypt$ln=14,r=8,p=1$${salt}$AAAA`],
    ['Spring scrypt, something after it', `${spring('e0801')}$`],
    ['Spring PBKDF2, other characters', `{pbkdf2}${'xy'.repeat(40)}`],
    ['a wrapped hash that still has its key', wrapped(`sha256$saltsalt$${hex}`)],
  ],
  padding: [
    ['PHC, salt', `$argon2id$v=19$m=256,t=2,p=1$${salt}==$${key}`],
    ['PHC, key', `$argon2id$v=19$m=256,t=2,p=1$${salt}$${key}=`],
    ['Django, too much', `pbkdf2_sha256$260000$saltsaltsalt$${key}==`],
    ['LDAP, none', ssha('{SSHA}', 28).replaceAll('=', '')],
    ['ASP.NET, none', aspnet(1, 1000).replaceAll('=', '')],
    ['Spring scrypt, none', `{scrypt}$e0801$${salt}$${key}=`],
    ['a wrapped hash, text that is not base64url', wrapped('').replace('$', '$A')],
  ],
  blanks: [
    ['before it', ` $2b$10$${bcryptTail}`],
    ['after it', `$2b$10$${bcryptTail} `],
    ['a line feed after it', `$2b$10$${bcryptTail}\n`],
    ['a carriage return after it', `${phc('argon2id$v=19$m=256,t=2,p=1')}\r`],
    ['within it', '{SSHA} W6ph5Mm5Pz8GgiULbPgzG37mj9gAAAA='],
    ['a no-break space', `\u00a0${phc('argon2id$v=19$m=256,t=2,p=1')}`],
    ['of an unknown scheme', 'plain text'],
  ],
}

describe.each(Object.entries(faulty))('a hash that cannot be used because of its %s', (part, hashes) => {
  test.each(hashes)('is refused before anything is computed: %s', async (_, hash) => {
    expect(await hasher.prepareImport(hash)).toEqual({ ok: false, failure: { reason: 'unverifiable_hash', part } })
    expect(await hasher.verify(password, hash)).toBe(false)
  })
})

test.each(rareHashes)('nothing may stand before or after a hash of %s', async (_, hash) => {
  for (const text of [`x${hash}`, ` ${hash}`, `${hash} `, `${hash}$`, `${hash}=`, `${hash}\n`, `$${hash}`])
    expect(await hasher.prepareImport(text)).toMatchObject({ ok: false })
})

// REQ-51
test.each([
  ['PBKDF2 of ASP.NET', aspnet(2, 5_000_000), aspnet(2, 5_000_001)],
  ['Firebase of 128 MiB', firebase('ln=17,r=8,p=4'), firebase('ln=17,r=8,p=5')],
  ['Spring scrypt of 128 MiB', spring('110801'), spring('110901')],
  ['SHA-crypt of a million rounds', crypt('rounds=1000000$saltsalt'), crypt('rounds=1000001$saltsalt')],
  ['SHA-crypt of a thousand rounds', crypt('rounds=1000$saltsalt'), crypt('rounds=999$saltsalt')],
  ['SHA-crypt with a salt of 4', crypt('salt'), crypt('sal')],
  ['SHA-crypt with a salt of 16', crypt('a'.repeat(16)), crypt('a'.repeat(17))],
  ['phpass of 2^18 rounds', phpass('G'), phpass('H')],
  ['phpass of 2^7 rounds', phpass('5'), phpass('4')],
  ['Drupal of 2^18 rounds', phpass('G', '$S$', 43), phpass('H', '$S$', 43)],
  ['LDAP with a salt of 4', ssha('{SSHA}', 24), ssha('{SSHA}', 23)],
  ['LDAP with a salt of 128', ssha('{SSHA512}', 192), ssha('{SSHA512}', 193)],
])('%s is taken, and not one further', async (_, within, beyond) => {
  expect(await hasher.prepareImport(within)).toMatchObject({ ok: true })
  expect(await hasher.prepareImport(beyond)).toMatchObject({ ok: false })
})
