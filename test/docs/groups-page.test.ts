import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestAuthorizer, sampleEvent } from '../support/authorizer.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/groups.md'), 'utf8')
const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
const { handler } = await import(`data:text/javascript,${encodeURIComponent(code)}`)

test.each<[readonly string[] | undefined, number]>([
  [['support', 'editors'], 204],
  [['editors-in-chief'], 403],
  [undefined, 403],
])('the example answers a caller with the groups %j, of APIs of every kind', async (groups, statusCode) => {
  const { authorize, issueWith } = createTestAuthorizer()
  const token = await issueWith({ groups })
  const { context: lambda } = await authorize(sampleEvent('ok', token))
  const { context: rest } = await authorize(sampleEvent('rest-token', token))

  for (const authorizer of [{ lambda }, rest]) {
    expect(await handler({ requestContext: { authorizer } })).toEqual({ statusCode })
  }
})
