import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { startSandbox } from '../../../../infra/local/lambda/lambda-sandbox.ts'
import { localFunction } from '../../../support/local-lambda.ts'

const cannotStart = {
  functionError: 'Unhandled',
  payload: {
    errorType: 'Sandbox.NotStarted',
    errorMessage: expect.stringMatching(/^The process of the function cannot be started: spawn .* (EMFILE|ENOENT)$/),
  },
}

// REQ-201
test('a machine that can open no more files fails the request and not the server', () => {
  const { codeDirectory } = localFunction('export const handler = async () => "served"')
  const server = `
    import { closeSync, openSync } from 'node:fs'
    import { localFunction, startLambda } from '${join(import.meta.dirname, '../../../support/local-lambda.ts')}'
    const lambda = startLambda([{ ...localFunction(''), codeDirectory: '${codeDirectory}', timeout: 60 }])
    const files = []
    try { for (;;) files.push(openSync('/dev/null')) } catch {}
    const failed = await lambda.invoke('greeter', '{}')
    files.forEach((file) => closeSync(file))
    const served = await lambda.invoke('greeter', '{}')
    await lambda.close()
    process.stdout.write(JSON.stringify({ failed, served }))
  `
  const limited = ['-c', 'ulimit -n 100; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', server]
  const { failed, served } = JSON.parse(execFileSync('sh', limited, { encoding: 'utf8' }))

  expect({ ...failed, payload: JSON.parse(failed.payload) }).toMatchObject(cannotStart)
  expect(served).toMatchObject({ payload: '"served"' })
})

test('a sandbox that cannot be started says so, and ends', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'gone-')), 'gone')
  const resources = { environment: {}, functionArn: 'greeter', memory: 128, timeout: 10, log: () => undefined }
  const sandbox = startSandbox({ directory, ...resources })
  const { payload, ...invocation } = await sandbox.invoke('{}')

  expect({ ...invocation, payload: JSON.parse(payload) }).toEqual(cannotStart)
  expect(sandbox.usable()).toBe(false)
  await sandbox.end()
})
