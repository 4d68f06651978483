import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { MailCount, MailCountStore } from '../../../domain/mail/limits.ts'
import { sha256 } from '../../../domain/secret.ts'
import { createTable, type Key } from '../table/table.ts'
import { countUpTo } from './attempts.ts'

// Neither an address nor a source contains a line feed, so no two counts have the same key.
function keyOf({ group, address, source, window }: MailCount): Key {
  const counted = [group, address, source].filter((part) => part !== undefined).join('\n')
  const hash = sha256(counted).slice(0, 22)
  return { pk: `THROTTLE#MAIL#${hash}`, sk: `WINDOW#${window.start}` }
}

/** Mails counted in DynamoDB: one item for each count and window. */
export function createDynamoDbMailCounts(client: DynamoDBDocumentClient, tableName: string): MailCountStore {
  const table = createTable(client, tableName)
  return {
    countMail: async (count, max) => {
      const { start, seconds } = count.window
      return (await table.update(keyOf(count), countUpTo(max, start + 2 * seconds))).written
    },
  }
}
