import { describe, expect, test } from '@jest/globals'
import { readVerdict, triggerEvent } from '../../functions/migrate/trigger.ts'

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
