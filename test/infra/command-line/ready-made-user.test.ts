import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ensureReadyMadeUser, introduceUser } from '../../../infra/command-line/ready-made-user.ts'
import type { Invoke } from '../../../infra/local/lambda/lambda.ts'

function setUp() {
  const users = new Set<string>()
  const failures: string[] = []
  const invoke: Invoke = async (_, payload) => {
    const { command, username } = JSON.parse(payload)
    const ok = command === 'create-user' ? !users.has(username) : users.has(username)
    if (!ok) failures.push(command)
    if (command === 'create-user') users.add(username)
    return { payload: JSON.stringify({ ok }) }
  }
  return { data: mkdtempSync(join(tmpdir(), 'data-')), users, failures, invoke }
}

test('the ready-made user is the same at every start, and no command for it fails', async () => {
  const { data, failures, invoke } = setUp()

  const first = await ensureReadyMadeUser(data, invoke)
  const second = await ensureReadyMadeUser(data, invoke)

  expect([first.fresh, second]).toEqual([true, { ...first, fresh: false }])
  expect(failures).toEqual([])
})

test('a ready-made user that the table lacks is created again with the same password', async () => {
  const { data, users, invoke } = setUp()
  const first = await ensureReadyMadeUser(data, invoke)
  users.clear()

  const second = await ensureReadyMadeUser(data, invoke)

  expect(second.password).toBe(first.password)
  expect([...users]).toEqual([first.username])
})

test('commands to paste are shown only where a password is enough for them', async () => {
  const { data, invoke } = setUp()
  const user = await ensureReadyMadeUser(data, invoke)
  const introduce = (requiresFactor: boolean) => introduceUser(user, 'http://localhost:3000', requiresFactor)

  expect(introduce(false)).toContain('curl -s http://localhost:3000/login')
  expect(introduce(true)).toContain('docs/factors.md')
  expect(introduce(true)).not.toContain('curl')
})
