import { describe, expect, test } from '@jest/globals'
import { readRecovery, readVerdict, triggerEvent } from '../../functions/migrate/trigger.ts'

const event = triggerEvent({ username: 'kim@example.com', password: 'as sent', clientId: 'web' }, 'eu-central-1')
const answer = (response: object) => ({ ...event, response: { ...event.response, ...response } })
const email = 'kim@example.com'
const confirmed = { finalUserStatus: 'CONFIRMED' }

test("the event is that of Cognito's user migration trigger at a sign-in", () => {
  expect(event).toEqual({
    version: '1',
    triggerSource: 'UserMigration_Authentication',
    region: 'eu-central-1',
    userPoolId: 'eu-central-1_Latchkey',
    userName: 'kim@example.com',
    callerContext: { awsSdkVersion: 'latchkey', clientId: 'web' },
    request: { password: 'as sent', validationData: null, clientMetadata: null },
    response: {
      userAttributes: null,
      forceAliasCreation: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
      enableSMSMFA: null,
    },
  })
})

describe('an answer', () => {
  test.each([
    ['with the status CONFIRMED', { userAttributes: { email }, finalUserStatus: 'CONFIRMED' }],
    ['with the address in another spelling', { ...confirmed, userAttributes: { email: ' KIM@Example.COM' } }],
    ['with the random user name of a pool', { ...confirmed, userAttributes: { username: '0b9e-4c', name: 'Kim' } }],
  ])('%s confirms the person', (_, response) => {
    expect(readVerdict(answer(response), 'kim@example.com')).toBe('confirmed')
  })

  test.each([
    ['that is the event as it came', 'unknown', event],
    ['without attributes', 'unknown', answer({ userAttributes: null, finalUserStatus: 'CONFIRMED' })],
    ['with no attribute at all', 'malformed', answer({ userAttributes: {}, finalUserStatus: 'CONFIRMED' })],
    ['with a list of attributes', 'malformed', answer({ userAttributes: [{ Name: 'email', Value: email }] })],
    ['with attributes in a string', 'malformed', answer({ userAttributes: 'email' })],
    [
      'with a status that asks for a new password',
      'reset_required',
      answer({ userAttributes: { email }, finalUserStatus: 'RESET_REQUIRED' }),
    ],
    ['without a status', 'reset_required', answer({ userAttributes: { email } })],
    ['with an empty status', 'reset_required', answer({ userAttributes: { email }, finalUserStatus: '' })],
    ['with a status of its own', 'malformed', answer({ userAttributes: { email }, finalUserStatus: 'confirmed' })],
    ['with a status that is true', 'malformed', answer({ userAttributes: { email }, finalUserStatus: true })],
    ['about another address', 'someone_else', answer({ ...confirmed, userAttributes: { email: 'eve@example.com' } })],
    ['with an address that is a list', 'someone_else', answer({ ...confirmed, userAttributes: { email: [email] } })],
    ['without a response', 'malformed', { ...event, response: undefined }],
    ['with a list as its response', 'malformed', { ...event, response: [{ userAttributes: { email } }] }],
    ['of null', 'unknown', null],
    ['of a string', 'malformed', 'CONFIRMED'],
    ['of true', 'malformed', true],
  ])('%s confirms nobody', (_, verdict, given) => {
    expect(readVerdict(given, 'kim@example.com')).toBe(verdict)
  })

  test.each([
    ['kim', { username: 'KIM' }, 'confirmed'],
    ['kim', { email: 'eve@example.com' }, 'confirmed'],
    ['kim', { username: 'eve' }, 'someone_else'],
    ['kim@example.com', { username: 'eve' }, 'confirmed'],
  ])('about %s with %j is read by the attribute of the same kind', (typed, userAttributes, verdict) => {
    expect(readVerdict(answer({ ...confirmed, userAttributes }), typed)).toBe(verdict)
  })
})

describe('at a recovery', () => {
  test('the event is the one that Cognito sends then, without a password', () => {
    const { request, triggerSource, callerContext } = triggerEvent({ username: 'kim' }, 'eu-central-1')

    expect({ request, triggerSource, callerContext }).toEqual({
      triggerSource: 'UserMigration_ForgotPassword',
      callerContext: { awsSdkVersion: 'latchkey', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { validationData: null, clientMetadata: null },
    })
  })

  const userAttributes = { email, email_verified: 'true' }

  test.each<[string, string, object, readonly string[]]>([
    ['an address', email, { userAttributes }, [email]],
    [
      'an address in another spelling',
      email,
      { userAttributes: { ...userAttributes, email: ' KIM@Example.COM' } },
      [email],
    ],
    ['an address that is verified without quotes', email, { userAttributes: { email, email_verified: true } }, [email]],
    [
      'an address of a pool with random names',
      email,
      { userAttributes: { ...userAttributes, username: '0b9e' } },
      [email],
    ],
    ['a name, with its address', 'kim', { userAttributes }, ['kim', email]],
    ['a name in another spelling', 'kim', { userAttributes: { ...userAttributes, username: 'KIM' } }, ['kim', email]],
    ['somebody who must reset', email, { userAttributes, finalUserStatus: 'RESET_REQUIRED' }, [email]],
    ['somebody who is confirmed', email, { userAttributes, finalUserStatus: 'CONFIRMED' }, [email]],
    ['somebody with a status of its own', email, { userAttributes, finalUserStatus: 'confirmed' }, [email]],
  ])('an answer about %s describes an account', (_, username, response, identifiers) => {
    expect(readRecovery(answer(response), username)).toEqual({ ok: true, value: { identifiers } })
  })

  test.each<[string, string, string, unknown]>([
    ['that is the event as it came', 'unknown', email, event],
    ['of null', 'unknown', email, null],
    ['with no attribute at all', 'malformed', email, answer({ userAttributes: {} })],
    ['without a response', 'malformed', email, { ...event, response: undefined }],
    [
      'about another address',
      'someone_else',
      email,
      answer({ userAttributes: { ...userAttributes, email: 'eve@a.example' } }),
    ],
    ['about another name', 'someone_else', 'kim', answer({ userAttributes: { ...userAttributes, username: 'eve' } })],
    ['without an address', 'no_verified_address', 'kim', answer({ userAttributes: { email_verified: 'true' } })],
    [
      'with a list of addresses',
      'no_verified_address',
      'kim',
      answer({ userAttributes: { ...userAttributes, email: [email] } }),
    ],
    [
      'with two addresses',
      'no_verified_address',
      'kim',
      answer({ userAttributes: { ...userAttributes, email: `${email},${email}` } }),
    ],
    [
      'with an address that gets no mail',
      'no_verified_address',
      'kim',
      answer({ userAttributes: { ...userAttributes, email: 'kim@localhost' } }),
    ],
    ['without a mark that it is verified', 'no_verified_address', email, answer({ userAttributes: { email } })],
    [
      'with an address that is not verified',
      'no_verified_address',
      email,
      answer({ userAttributes: { email, email_verified: 'false' } }),
    ],
    [
      'with a mark that is a number',
      'no_verified_address',
      email,
      answer({ userAttributes: { email, email_verified: 1 } }),
    ],
    [
      'with a mark in another spelling',
      'no_verified_address',
      email,
      answer({ userAttributes: { email, email_verified: 'True' } }),
    ],
  ])('an answer %s describes none', (_, reason, username, given) => {
    expect(readRecovery(given, username)).toEqual({ ok: false, failure: { reason } })
  })
})
