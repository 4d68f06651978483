import { createHash } from 'node:crypto'
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { SubjectStore } from '../../domain/accounts/subject.ts'
import { unlessConditionFails } from './conditional-write.ts'

// A hash of the name tells whether it is the same one, and stays when the account goes.
const ownerOf = (username: string): string => createHash('sha256').update(username).digest('base64url')

/** Subjects in DynamoDB: one item for each that was not made here. */
export const createDynamoDbSubjects = (client: DynamoDBDocumentClient, TableName: string): SubjectStore => ({
  claimSubject: async (sub, username) => {
    const command = new PutCommand({
      TableName,
      Item: { pk: `CLAIM#${sub}`, sk: 'CLAIM', ownerHash: ownerOf(username) },
      ConditionExpression: 'attribute_not_exists(pk) OR ownerHash = :own',
      ExpressionAttributeValues: { ':own': ownerOf(username) },
    })
    return (await unlessConditionFails(client.send(command))) !== undefined
  },
})
