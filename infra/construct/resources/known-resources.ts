import { Lazy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Settings } from '../settings/settings.ts'
import { allowedResources, isSameUrl } from './resource-rules.ts'

/** A resource that an API of this app is, and its path there. */
type AddedResource = Settings['resources'][number] & { readonly apiId: string; readonly path: string }

/** The resources that tokens can be for: those of the settings, and those that are added to APIs. */
export class KnownResources {
  readonly environment: { readonly RESOURCES: string }
  readonly paths: { readonly RESOURCE_PATHS: string }
  private readonly settings: Pick<Settings, 'resources' | 'scopes'>
  private readonly added: AddedResource[] = []

  private readonly others: readonly string[]

  /** `others` are the issuer and the audience. */
  constructor(owner: Construct, settings: Pick<Settings, 'resources' | 'scopes'>, others: readonly string[]) {
    this.others = others
    this.settings = settings
    this.environment = { RESOURCES: Lazy.string({ produce: () => this.text() }) }
    this.paths = { RESOURCE_PATHS: Lazy.string({ produce: () => JSON.stringify(this.pathTable()) }) }
    owner.node.addValidation({
      validate: () => (this.text().length > maxLength ? [`resources: ${allowedResources}`] : []),
    })
  }

  /** @throws Error for a resource that no token can be for, or that is there already. */
  add({ url, scopes, ...place }: AddedResource): void {
    const unknown = (scopes ?? []).filter((scope) => !this.settings.scopes.includes(scope))
    if (unknown.length > 0) throw new Error(`${url}: scopes of TokenAuth only, not ${unknown.join(' ')}.`)
    if (this.others.some((other) => isSameUrl(other, url)))
      throw new Error(`${url}: it is the issuer or the audience, whose tokens the service's own authorizer takes.`)
    if (this.added.some((other) => isSameUrl(other.url, url))) throw new Error(`${url}: it is a resource already.`)
    this.added.push({ url, scopes, ...place })
  }

  /** That of `/` is the only resource of an API, which has a path of its own beside it. */
  private pathTable(): Readonly<Record<string, string>> {
    const only = this.added.filter(({ apiId }) => this.added.filter((other) => other.apiId === apiId).length === 1)
    return Object.fromEntries([
      ...only.map(({ apiId, url }) => [`${apiId} /`, url]),
      ...this.added.map(({ apiId, path, url }) => [`${apiId} ${path}`, url]),
    ])
  }

  private text(): string {
    const others = this.settings.resources.filter(({ url }) => !this.added.some((each) => isSameUrl(each.url, url)))
    return JSON.stringify([...this.added, ...others].map(({ url, scopes }) => (scopes ? [url, ...scopes] : url)))
  }
}

// An environment holds 4 KB, and AWS refuses more at deploy, when it is too late to say why.
const maxLength = 1200
