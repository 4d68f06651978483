import { readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { groups, unmutated } from './mutation/groups.ts'

test('every file of the rules and of their border is held against tests by `npm run mutate`', () => {
  const files = ['functions/domain', 'functions/http'].flatMap((folder) =>
    readdirSync(folder).map((name) => `${folder}/${name}`),
  )

  expect([...groups.flatMap((group) => group.files), ...unmutated].sort()).toEqual(files.sort())
})
