import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda'

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const queue = new SQSClient({})
const bucket = new S3Client({})
const parameters = new SSMClient({})

type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<{ readonly sub: string }>

/** Who calls stands in the context of the authorizer. */
export async function handler(event: Event): Promise<unknown> {
  const { sub: owner } = event.requestContext.authorizer.lambda
  const { TABLE_NAME: TableName, QUEUE_URL: QueueUrl, BUCKET_NAME: Bucket, GREETING_NAME: Name } = process.env
  switch (event.routeKey) {
    case 'POST /orders': {
      const order = { owner, number: Date.now(), state: 'new', text: event.body }
      await table.send(new PutCommand({ TableName, Item: order }))
      return { statusCode: 201, body: JSON.stringify(order) }
    }
    case 'GET /shipments':
      return await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: owner }))
    case 'GET /invoices':
      return await bucket.send(new PutObjectCommand({ Bucket, Key: owner, Body: 'An invoice' }))
    case 'GET /greeting':
      return { greeting: (await parameters.send(new GetParameterCommand({ Name }))).Parameter?.Value }
    default: {
      const query = { KeyConditionExpression: '#owner = :owner', ExpressionAttributeNames: { '#owner': 'owner' } }
      const { Items } = await table.send(
        new QueryCommand({ TableName, ...query, ExpressionAttributeValues: { ':owner': owner } }),
      )
      return { orders: Items }
    }
  }
}
