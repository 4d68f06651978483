import { expect, test } from '@jest/globals'
import {
  bodyError,
  malformedPassword,
  parametersError,
  tooManyRequests,
} from '../../../functions/http/api/oauth-error.ts'

// REQ-128: no error leaves its reader without a word on what to do.
test.each([
  [
    bodyError({ reason: 'unsupported_media_type' }),
    { status: 415, error: 'invalid_request', description: 'The Content-Type must be application/json.' },
  ],
  [
    bodyError({ reason: 'body_too_long' }),
    { status: 400, error: 'invalid_request', description: 'The body is too long.' },
  ],
  [
    bodyError({ reason: 'malformed_body' }),
    {
      status: 400,
      error: 'invalid_request',
      description: 'The body must be a JSON object in UTF-8 without duplicate keys.',
    },
  ],
  [
    parametersError({ reason: 'unsupported_media_type' }),
    {
      status: 400,
      error: 'invalid_request',
      description: 'The Content-Type must be application/x-www-form-urlencoded or application/json.',
    },
  ],
  [
    parametersError({ reason: 'body_too_long' }),
    { status: 400, error: 'invalid_request', description: 'The body is too long.' },
  ],
  [
    malformedPassword('new_password'),
    {
      status: 400,
      error: 'invalid_request',
      description: 'new_password must be a string of 1 to 256 characters without NUL.',
    },
  ],
  [
    tooManyRequests(30),
    {
      status: 429,
      error: 'too_many_requests',
      description: 'Too many attempts. Try again after the number of seconds in Retry-After.',
      headers: { 'retry-after': '30' },
    },
  ],
])('an error says what is wrong and what would be right', (error, said) => {
  expect(error).toEqual(said)
})
