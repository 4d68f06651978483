import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Flow, FlowStore } from '../../../domain/oauth/flow.ts'
import { createTable, type Key } from '../table/table.ts'

const flowKey = (id: string): Key => ({ pk: `CODE#flow#${id}`, sk: 'CODE' })

/** Flows in DynamoDB, one item each. TTL deletes late, so the time is compared too. */
export function createDynamoDbFlows(client: DynamoDBDocumentClient, tableName: string): FlowStore {
  const table = createTable(client, tableName)
  return {
    putNewFlow: (id, flow, expiresAt) =>
      // As JSON: it is written and read as a whole, and what is undefined stays out.
      table.put(
        { ...flowKey(id), flow: JSON.stringify(flow), ttl: expiresAt },
        // A second try, after a response that got lost, puts the same: an id is never used twice.
        {},
      ),
    findFlow: async (id, now) => {
      const item = await table.get(flowKey(id))
      return item && Number(item['ttl']) > now ? (JSON.parse(String(item['flow'])) as Flow) : undefined
    },
    forgetAcr: async (id, flow) => {
      const { acr: _, ...request } = flow.request
      await table.update(flowKey(id), {
        ConditionExpression: 'attribute_exists(pk)',
        UpdateExpression: 'SET flow = :flow',
        ExpressionAttributeValues: { ':flow': JSON.stringify({ ...flow, request }) },
      })
    },
  }
}
