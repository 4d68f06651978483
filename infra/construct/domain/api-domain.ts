import {
  CfnApi,
  CfnApiMapping,
  DomainName,
  EndpointType,
  type HttpApi,
  IpAddressType,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import { Annotations, CfnOutput, Lazy } from 'aws-cdk-lib/core'
import { Construct, Dependable, type IConstruct, type IDependable } from 'constructs'
import { stagesOf } from '../api/auth-api.ts'
import type { DomainOptions } from './domain-options.ts'
import { refuseImpossibleDomain } from './domain-problems.ts'
import { isExecuteApiAddress } from './domain-rules.ts'

/**
 * A domain, with the API that has log-in at its root and with the records that lead there. API Gateway's own address of
 * the API is closed, unless the issuer still is that address.
 */
export class ApiDomain extends Construct {
  readonly domainName: DomainName
  /** The address of the domain, without a slash at the end. */
  readonly url: string
  private readonly keepsOwnAddress: boolean
  private readonly records: readonly IConstruct[]
  private api: HttpApi | undefined

  /** @throws Error that names everything that cannot be deployed, with what is allowed. */
  constructor(auth: Construct, options: DomainOptions, issuer: string | undefined) {
    super(auth, 'Domain')
    const { name, certificate, hostedZone } = options
    refuseImpossibleDomain(this, options, issuer)
    this.url = `https://${name}`
    this.keepsOwnAddress = issuer !== undefined && issuer !== this.url && isExecuteApiAddress(issuer)
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ipAddressType: IpAddressType.DUAL_STACK,
    })
    this.records = hostedZone ? createRecords(this, name, hostedZone, this.domainName) : []
    if (!hostedZone) addTarget(auth, name, this.domainName)
    if (this.keepsOwnAddress) warnOfOwnAddress(auth, this.url)
    this.node.addValidation({ validate: () => this.mappingProblems() })
  }

  /** @throws Error for a second API, and for one that says the opposite about its own address. */
  mapTo(api: HttpApi): void {
    if (this.api) {
      throw new Error(
        `${this.node.path}: the root of the domain belongs to ${this.api.node.path}, so only that API can have the auth ` +
          'routes. Give others a base path by new ApiMapping({ domainName: auth.domainName, … }) and httpAuthorizer().',
      )
    }
    this.api = api
    setOwnAddress(api, this.keepsOwnAddress)
    const stage = Lazy.string({ produce: () => this.stageName() })
    const mapping = new CfnApiMapping(this, 'Mapping', { apiId: api.apiId, domainName: this.domainName.name, stage })
    mapping.node.addDependency(stagesLaterOf(api))
    // No caller is led to a domain that has nothing behind it yet.
    for (const record of this.records) record.node.addDependency(mapping)
  }

  private stageName(): string | undefined {
    const names = this.api ? stagesOf(this.api).map(({ stageName }) => stageName) : []
    return names.find((name) => name === '$default') ?? (names.length === 1 ? names[0] : undefined)
  }

  private mappingProblems(): string[] {
    if (!this.api) return ['Call `addAuthRoutes(api)`: nothing is mapped to the root of the domain.']
    if (this.stageName() !== undefined) return []
    return [`${this.api.node.path} needs a stage $default, or only one stage, for the root of the domain.`]
  }
}

function createRecords(scope: Construct, name: string, zone: IHostedZone, domainName: DomainName) {
  const { regionalDomainName, regionalHostedZoneId } = domainName
  const target = RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId))
  // With the dot the name is complete, so the name of the zone is not asked for.
  const props = { zone, recordName: `${name}.`, target }
  return [new ARecord(scope, 'IPv4', props), new AaaaRecord(scope, 'IPv6', props)]
}

function addTarget(auth: Construct, name: string, { regionalDomainName, regionalHostedZoneId }: DomainName): void {
  new CfnOutput(auth, 'DomainTarget', {
    value: regionalDomainName,
    description: `Make a CNAME record (or A and AAAA aliases) from ${name} to this name`,
  })
  new CfnOutput(auth, 'DomainTargetZoneId', {
    value: regionalHostedZoneId,
    description: 'The hosted zone id of that name, for aliases of Route 53',
  })
}

function setOwnAddress(api: HttpApi, isOpen: boolean): void {
  const { defaultChild, path } = api.node
  if (!(defaultChild instanceof CfnApi)) throw new TypeError(`${path} is not made of a CfnApi.`)
  const { disableExecuteApiEndpoint: given } = defaultChild
  if (given === false && !isOpen) {
    throw new Error(
      `${path}: leave out disableExecuteApiEndpoint, because with a domain the execute-api address is closed.`,
    )
  }
  if (given === true && isOpen) {
    throw new Error(`${path}: leave out disableExecuteApiEndpoint while the execute-api address is the issuer.`)
  }
  // An explicit false opens an address again that was closed; a property that is left out may change nothing.
  defaultChild.disableExecuteApiEndpoint = !isOpen
}

function warnOfOwnAddress(auth: Construct, url: string): void {
  Annotations.of(auth).addWarningV2(
    'latchkey:executeApiOpen',
    `The issuer is the execute-api address, which therefore stays open beside ${url}. Leave issuer out once all clients ` +
      'use the domain (docs/domain.md).',
  )
}

/** The stages of an API, some of which may be made after its routes. */
function stagesLaterOf(api: HttpApi): IDependable {
  const stages: IDependable = {}
  Dependable.implement(stages, {
    get dependencyRoots() {
      return [...stagesOf(api)]
    },
  })
  return stages
}
