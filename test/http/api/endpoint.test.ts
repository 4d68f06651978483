import { describe, expect, test } from '@jest/globals'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { context, httpEvent } from '../../support/builders/events.ts'

function setUp(handler: Handler) {
  const lines: string[] = []
  const handle = endpoint(
    handler,
    (line) => lines.push(line),
    () => 1_800_000_000_000,
  )
  const call = (event = httpEvent('GET /me'), changes: Partial<typeof context> = {}) =>
    handle(event, { ...context, ...changes })
  return { lines, call }
}

const audit = { event: 'authn_login_success', outcome: 'success', sub: 's' } as const

describe('an endpoint', () => {
  // REQ-130
  test('answers in JSON with the headers that every answer has', async () => {
    const { call } = setUp(async () => ({ status: 201, body: { a: 'ä' }, audit }))

    expect(await call()).toEqual({
      statusCode: 201,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
      },
      body: '{"a":"ä"}',
    })
  })

  test('may say itself for how long an answer is kept', async () => {
    const headers = { 'cache-control': 'public, max-age=300' }
    const { call } = setUp(async () => ({ status: 200, body: {}, headers, audit }))

    expect(await call()).toMatchObject({ headers: { 'cache-control': 'public, max-age=300' } })
  })

  // REQ-121
  test('leaves one line of JSON for each request', async () => {
    const { call, lines } = setUp(async () => ({ status: 200, body: { secret: 'x' }, audit }))
    await call()

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: '2027-01-15T08:00:00.000Z',
        event: 'authn_login_success',
        outcome: 'success',
        sub: 's',
        request_id: 'request-1',
        source_ip: '203.0.113.7',
        status: 200,
      },
    ])
  })

  // REQ-123
  test('cannot be made to write a second line', async () => {
    const { call, lines } = setUp(async () => ({
      status: 400,
      body: {},
      audit: { event: 'authn_login_fail', outcome: 'failure', reason: 'x\r\n{"event":"forged"}\u2028\u001b[2J"' },
    }))
    await call()

    expect(lines).toHaveLength(1)
    for (const forbidden of ['\r', '\n', '\u001b']) expect(lines[0]).not.toContain(forbidden)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'authn_login_fail' })
  })

  // REQ-128, REQ-131
  test('answers a fault with server_error, tells the log where, and goes on', async () => {
    let calls = 0
    const { call, lines } = setUp(async () => {
      calls += 1
      if (calls === 1) throw new TypeError('the password was hunter2')
      return { status: 200, body: {}, audit }
    })

    expect(await call()).toMatchObject({
      statusCode: 500,
      body: '{"error":"server_error","error_description":"Something went wrong on our side."}',
    })
    expect(await call()).toMatchObject({ statusCode: 200 })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'sys_crash',
      outcome: 'failure',
      reason: 'TypeError',
      status: 500,
      request_id: 'request-1',
      trace: expect.arrayContaining([expect.stringMatching(/^at /)]),
    })
    expect(lines.join()).not.toContain('hunter2')
  })

  // REQ-122
  test('tells the log five frames of a fault at most, and no line of its message', async () => {
    const frames = Array.from({ length: 9 }, (_, index) => `at call${index} (file.ts:${index})`)
    const fault = new Error('hunter2')
    fault.stack = ['Error: hunter2', 'more of hunter2', ...frames.map((frame) => `    ${frame}`)].join('\n')
    const { call, lines } = setUp(async () => {
      throw fault
    })
    await call()

    expect(JSON.parse(lines[0] ?? '')['trace']).toEqual(frames.slice(0, 5))
  })

  test.each([
    ['a text', 'string'],
    [undefined, 'undefined'],
    [{ secret: 1 }, 'object'],
  ])('answers a thrown %j with server_error, and tells the log its type alone', async (thrown, reason) => {
    const { call, lines } = setUp(async () => {
      throw thrown
    })

    expect(await call()).toMatchObject({ statusCode: 500 })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2027-01-15T08:00:00.000Z',
      event: 'sys_crash',
      outcome: 'failure',
      reason,
      request_id: 'request-1',
      source_ip: '203.0.113.7',
      status: 500,
    })
  })

  // REQ-132
  test('answers 503 with Retry-After when something outside did not answer', async () => {
    const { call } = setUp(async () => {
      throw new Unavailable('no answer')
    })

    expect(await call()).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '1' },
      body: JSON.stringify({
        error: 'temporarily_unavailable',
        error_description: 'The service is temporarily unavailable. Try again in a moment.',
      }),
    })
  })

  // REQ-122
  test.each<[string, unknown, string | undefined]>([
    ['a word of ours', new Unavailable('no answer', { cause: 'claims_too_large' }), 'claims_too_large'],
    ['what was thrown', new Unavailable('no answer', { cause: new Error('a secret of the request') }), undefined],
    ['a text that some library gave', new Error('no answer', { cause: 'a secret of the request' }), undefined],
  ])('logs the cause of an outage only where it is %s', async (_, error, cause) => {
    const { call, lines } = setUp(async () => {
      throw error
    })
    await call()

    expect(JSON.parse(lines.join())['cause']).toBe(cause)
    expect(lines.join()).not.toContain('secret')
  })

  // REQ-132
  test('answers 503 before Lambda ends the function, whatever is still waited for', async () => {
    const { call, lines } = setUp(() => new Promise(() => {}))
    const answer = await call(httpEvent('GET /me'), { getRemainingTimeInMillis: () => 501 })

    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: 'sys_crash', reason: 'Unavailable' }])
  })

  test('answers an event of another kind', async () => {
    const { call, lines } = setUp(async (event) => ({
      status: 200,
      body: { method: event.requestContext.http.method },
      audit,
    }))

    expect(await call({} as ReturnType<typeof httpEvent>)).toMatchObject({ statusCode: 500 })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ reason: 'TypeError', request_id: 'invocation-1' })
  })
})
