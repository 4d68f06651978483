import { describe, expect, test } from '@jest/globals'
import { readBearerToken } from '../../../functions/http/authorizer/bearer.ts'

// REQ-70
describe('a bearer token', () => {
  test.each([
    [{ authorization: 'Bearer abc' }],
    [{ Authorization: 'Bearer abc' }],
    [{ AUTHORIZATION: 'bearer abc' }],
    [{ authorization: 'BEARER   abc' }],
    [{ authorization: 'Bearer abc', cookie: 'Bearer def' }],
  ])('is read from %j', (headers) => {
    expect(readBearerToken(headers)).toBe('abc')
  })

  test.each([
    [undefined],
    [null],
    ['Bearer abc'],
    [[]],
    [['Bearer abc']],
    [{}],
    [{ authorization: null }],
    [{ authorization: '' }],
    [{ authorization: ['Bearer abc'] }],
    [{ authorization: 'abc' }],
    [{ authorization: 'Bearer' }],
    [{ authorization: 'Bearer ' }],
    [{ authorization: 'Bearerabc' }],
    [{ authorization: 'Basic abc' }],
    [{ authorization: 'Bearer abc, Bearer def' }],
    [{ authorization: 'Bearer abc,Bearer def' }],
    [{ authorization: 'Bearer abc def' }],
    [{ authorization: 'Bearer\tabc' }],
    [{ authorization: ' Bearer abc' }],
    [{ authorization: 'Bearer abc\n' }],
    [{ authorization: 'Bearer token="abc"' }],
    [{ authorization: 'Bearer abc', Authorization: 'Bearer abc' }],
    [{ 'x-authorization': 'Bearer abc', cookie: 'token=abc' }],
    [{ 'proxy-authorization': 'Bearer abc' }],
  ])('is not read from %j', (headers) => {
    expect(readBearerToken(headers)).toBeUndefined()
  })
})
