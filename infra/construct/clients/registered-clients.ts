import { CustomResource, Duration, Lazy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { readClientMetadata } from '../../../functions/domain/clients/client-metadata.ts'
import type { FunctionParts } from '../auth-functions.ts'
import { functionSpecs } from '../function-specs.ts'
import { LambdaFunction, type Retention } from '../lambda-function.ts'

type Metadata = Readonly<Record<string, unknown>>

/** The clients that this app registers. Each deployment puts them into the table, and removes those that are gone. */
export class RegisteredClients extends Construct {
  private readonly clients = new Map<string, Metadata>()
  private readonly parts: FunctionParts

  constructor(scope: Construct, id: string, parts: FunctionParts, retention: Retention) {
    super(scope, id)
    this.parts = parts
    const spec = functionSpecs.find(({ owner }) => owner === 'clients')
    if (!spec) throw new Error('No function registers clients.')
    const environment = spec.environment({ ...parts, invoked: {} })
    const provider = new LambdaFunction(this, { spec, environment, ...retention })
    if (typeof spec.table === 'object') parts.table.grantItems(provider, spec.table)
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::Clients',
      serviceToken: provider.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: {
        Clients: Lazy.list({ produce: () => [...this.clients.values()].map((client) => JSON.stringify(client)) }),
      },
    })
    resource.node.addDependency(provider)
  }

  /** @throws Error for metadata that no client may have, with what is allowed. */
  add(metadata: Metadata): void {
    const read = readClientMetadata(metadata)
    if (!read.ok) throw new Error(`Client ${String(metadata['client_id'])}: ${read.failure.description}`)
    const { id, scope } = read.value
    const { clients, scopes } = this.parts.settings
    const unknown = scope.filter((token) => !scopes.includes(token))
    if (unknown.length > 0) throw new Error(`Client ${id}: scopes of the service only, not ${unknown.join(' ')}.`)
    if (clients.includes(id)) throw new Error(`Client ${id}: the setting clients has this name already.`)
    if (this.clients.has(id)) throw new Error(`Client ${id}: it is there already.`)
    this.clients.set(id, metadata)
  }
}
