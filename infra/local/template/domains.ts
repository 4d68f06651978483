import type { References } from './intrinsics.ts'
import { idsOf, type Template } from './template.ts'

/** The names of domains with the logical id of the API that is at their root. */
function domainsOf({ Resources, ...template }: Template): readonly (readonly [name: string, api: string])[] {
  return idsOf({ Resources, ...template }, 'AWS::ApiGatewayV2::ApiMapping').flatMap((id) => {
    const { ApiId, DomainName, ApiMappingKey } = Resources[id]?.Properties ?? {}
    const name = Resources[Object(DomainName).Ref]?.Properties?.['DomainName']
    const api = Object(ApiId).Ref
    return typeof name === 'string' && typeof api === 'string' && ApiMappingKey === undefined ? [[name, api]] : []
  })
}

/** On localhost the address of an API stands for the address of its domain, wherever that is named. */
export function replaceDomains(references: References, template: Template): References {
  const replacements = domainsOf(template).map(([name, api]) => ({
    pattern: new RegExp(`https://${name.replaceAll('.', '\\.')}(?![\\w.:-])`, 'g'),
    address: String(references.attribute(api, 'ApiEndpoint')),
  }))
  if (replacements.length === 0) return references
  const text = (found: string) =>
    replacements.reduce((changed, { pattern, address }) => changed.replaceAll(pattern, address), found)
  return { ...references, text }
}
