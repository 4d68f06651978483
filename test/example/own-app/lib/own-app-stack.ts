import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import * as cdk from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { TokenAuth } from 'latchkey'

/** An API with orders: its own function and table behind a log-in, with a queue and a bucket beside them. */
export class OwnAppStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props)

    const table = new Table(this, 'Orders', {
      partitionKey: { name: 'owner', type: AttributeType.STRING },
      sortKey: { name: 'number', type: AttributeType.NUMBER },
    })
    table.addGlobalSecondaryIndex({
      indexName: 'byState',
      partitionKey: { name: 'state', type: AttributeType.STRING },
    })
    const queue = new Queue(this, 'Shipments')
    const bucket = new Bucket(this, 'Invoices')
    const greeting = StringParameter.fromStringParameterName(this, 'Greeting', '/own-app/greeting')

    const orders = new NodejsFunction(this, 'OrdersFunction', {
      entry: 'lambda/orders.ts',
      runtime: Runtime.NODEJS_24_X,
      environment: {
        TABLE_NAME: table.tableName,
        QUEUE_URL: queue.queueUrl,
        BUCKET_NAME: bucket.bucketName,
        GREETING_NAME: greeting.parameterName,
      },
    })
    table.grantReadWriteData(orders)
    queue.grantSendMessages(orders)
    bucket.grantPut(orders)
    greeting.grantRead(orders)

    const auth = new TokenAuth(this, 'Auth', { scopes: ['orders:write'] })
    const api = new HttpApi(this, 'Api')
    auth.addAuthRoutes(api)
    const integration = new HttpLambdaIntegration('Orders', orders)
    api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration, authorizer: auth.httpAuthorizer() })
    api.addRoutes({
      path: '/orders',
      methods: [HttpMethod.POST],
      integration,
      authorizer: auth.httpAuthorizer({ scopes: ['orders:write'] }),
    })
    for (const path of ['/shipments', '/invoices', '/greeting']) {
      api.addRoutes({ path, methods: [HttpMethod.GET], integration, authorizer: auth.httpAuthorizer() })
    }
  }
}
