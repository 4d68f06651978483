import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * The kinds of items, by the pattern of their partition keys: which role may touch an item is decided by its partition.
 * `sessions` holds the epochs too, `logKey` the key of hashes in the log. Codes are told apart by purpose, because a pending
 * registration holds the hash of a password, encrypted by a key of its client.
 */
export const itemKinds = {
  accounts: 'ACCOUNT#*',
  secrets: 'SECRET#*',
  sessions: 'SESSIONS#*',
  identifiers: 'ID#*',
  passkeyOwners: 'ID#passkey#*',
  directory: 'DIRECTORY#*',
  throttle: 'THROTTLE#*',
  // By what they count, so that a function that counts mails cannot lift a lock.
  mailCounts: 'THROTTLE#MAIL#*',
  // Failures of clients: a function that counts them cannot lift a lock either.
  clientFailures: 'THROTTLE#CLIENT#*',
  registerCodes: 'CODE#register#*',
  recoverCodes: 'CODE#recover#*',
  emailCodes: 'CODE#email#*',
  enrolCodes: 'CODE#enrol#*',
  // Auth sessions, and enrolments that wait for their confirmation.
  loginCodes: 'CODE#login#*',
  factorCodes: 'CODE#factor#*',
  authorizationCodes: 'CODE#authorize#*',
  // Used ids of assertions.
  jtiCodes: 'CODE#jti#*',
  flowCodes: 'CODE#flow#*',
  // Auth sessions of pages: none of them is one of a log-in.
  signInCodes: 'CODE#signIn#*',
  // What people have allowed clients.
  consents: 'CONSENT#*',
  clients: 'CLIENT#*',
  // Documents of clients by URL: no registered client has an id like that.
  clientDocuments: 'CLIENT#https://*',
  // API keys are clients too, which their owners create: a function of theirs cannot touch those that are registered.
  apiKeys: 'CLIENT#lk_*',
  // Which API keys an account has.
  apiKeyLists: 'KEYS#*',
  clientList: 'CLIENTS',
  ssoSessions: 'SSO#*',
  devices: 'DEVICE#*',
  logKey: 'LOG',
} as const

type ItemKind = keyof typeof itemKinds

type Action = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem'

/**
 * What a function may do: for each action the kinds of items. Of `exists` it may see whether an item is there, and nothing
 * that it holds.
 */
export type TableGrants = { readonly [A in Action]?: readonly ItemKind[] } & { readonly exists?: readonly ItemKind[] }

/** What a function may put that reads the documents of clients by URL; nothing where there are none. */
export const clientDocumentItems = (clientsByUrl: readonly string[]) =>
  clientsByUrl.length > 0 ? (['clientDocuments'] as const) : []

type AuthTableProps = { readonly removalPolicy: RemovalPolicy; readonly deletionProtection: boolean }

/** The one table. What must outlive its stack can also be taken back to any second of 35 days. */
export class AuthTable extends TableV2 {
  constructor(scope: Construct, id: string, { removalPolicy, deletionProtection }: AuthTableProps) {
    const lasting = removalPolicy !== RemovalPolicy.DESTROY
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: lasting },
      deletionProtection,
      removalPolicy,
    })
  }

  /**
   * Allows each action on these kinds of items and no others. "For all values" also holds for a request without leading
   * keys (a scan), so their presence is required. A transaction is judged by the actions of its items.
   */
  grantItems({ grantPrincipal }: IGrantable, { exists, ...grants }: TableGrants): void {
    for (const [action, granted] of Object.entries(grants))
      grantPrincipal.addToPrincipalPolicy(this.statement(action, onKeys(granted)))
    if (exists) grantPrincipal.addToPrincipalPolicy(this.statement('GetItem', onlyKeysOf(exists)))
  }

  private statement(action: string, conditions: Conditions): PolicyStatement {
    return new PolicyStatement({ actions: [`dynamodb:${action}`], resources: [this.tableArn], conditions })
  }
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const onKeys = (kinds: readonly ItemKind[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': kinds.map((kind) => itemKinds[kind]) },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})

// A read of whole items names no attributes, and "for all values" would let it pass.
const onlyKeysOf = (kinds: readonly ItemKind[]) => ({
  ...onKeys(kinds),
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk'] },
  Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
})
