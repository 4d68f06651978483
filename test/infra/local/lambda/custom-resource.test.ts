import { expect, test } from '@jest/globals'
import { type CustomResource, provideCustomResource } from '../../../../infra/local/lambda/custom-resource.ts'
import { localFunction, startLambda } from '../../../support/local-lambda.ts'

const resource: CustomResource = {
  logicalId: 'JwkSet',
  type: 'Custom::Jwks',
  stackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/auth/1',
  properties: {
    ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:greeter',
    KeyArns: ['a', 'b'],
    Nested: { count: 2, on: true },
  },
}

const identity =
  '{ StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, PhysicalResourceId: "jwks" }'

/** Runs the resource with a provider whose body has `event` and `put`, which answers CloudFormation. */
async function provide(body: string, changes: Partial<CustomResource> = {}) {
  const source = `export const handler = async (event) => {
    const identity = ${identity}
    const put = async (answer, url = event.ResponseURL, method = 'PUT') =>
      (await fetch(url, { method, body: typeof answer === 'string' ? answer : JSON.stringify(answer) })).status
    ${body}
  }`
  await using lambda = startLambda([localFunction(source)])
  return await provideCustomResource({ ...resource, ...changes }, lambda.invoke)
}

test('a provider gets the event that CloudFormation sends, with text for every value', async () => {
  const { data } = await provide("await put({ ...identity, Status: 'SUCCESS', Data: event })")

  expect(data).toEqual({
    RequestType: 'Create',
    ServiceToken: resource.properties['ServiceToken'],
    ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]{36}$/),
    StackId: resource.stackId,
    RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    LogicalResourceId: 'JwkSet',
    ResourceType: 'Custom::Jwks',
    ResourceProperties: { ...resource.properties, Nested: { count: '2', on: 'true' } },
  })
})

test('an answer without data is a success too', async () => {
  expect(await provide("await put({ ...identity, Status: 'SUCCESS' })")).toEqual({ physicalId: 'jwks', data: {} })
})

test('the address takes nothing but a PUT to itself', async () => {
  const body = `
    const answer = { ...identity, Status: 'SUCCESS' }
    const statuses = [await put(answer, event.ResponseURL + 'x'), await put(answer, event.ResponseURL, 'POST')]
    await put({ ...answer, Data: { statuses } })`

  expect((await provide(body)).data).toEqual({ statuses: [403, 403] })
})

test.each([
  ['says that it failed', "await put({ ...identity, Status: 'FAILED', Reason: 'no such key' })", 'no such key'],
  ['throws', "throw new Error('boom')", 'the function failed: {"errorType":"Error","errorMessage":"boom"'],
  ['does not answer', '', 'the function ended without an answer.'],
  ['answers too late', "setTimeout(() => put({ ...identity, Status: 'SUCCESS' }), 1000)", 'without an answer.'],
  ['answers no JSON', "await put('yes')", 'the answer is not understood'],
  ['answers for another request', "await put({ ...identity, RequestId: '1', Status: 'SUCCESS' })", 'RequestId'],
  ['names no resource', "await put({ ...identity, PhysicalResourceId: '', Status: 'SUCCESS' })", 'PhysicalResourceId'],
  [
    'answers more than CloudFormation takes',
    "await put({ ...identity, Status: 'SUCCESS', Data: { text: 'x'.repeat(4096) } })",
    'the answer is longer than 4096 bytes.',
  ],
])('a provider that %s stops the start, with its resource and the reason', async (_, body, reason) => {
  const failure = await provide(body).catch((error) => error.message)

  expect(failure).toMatch(/^Custom resource JwkSet: /)
  expect(failure).toContain(reason)
})
