import type { JwksProperties } from './request.ts'

/**
 * Why an update may not drop the domain of the service, or the records that lead to it; undefined where it may, or keeps
 * them. A domain whose setting was only forgotten would take the issuer of all tokens with it.
 */
export function refuseDroppedDomain(before: JwksProperties, after: JwksProperties): string | undefined {
  const { Domain: domain, Zone: zone } = before
  if (domain === undefined || after.Protect !== 'true' || after.Retire.includes(domain)) return undefined
  if (after.Domain !== domain) {
    return `This deployment would drop the domain ${domain}, the issuer of all tokens: keep it, or name it in retire.`
  }
  if (zone === undefined || after.Zone === zone) return undefined
  return `This deployment would delete the DNS records of ${domain}: keep its hosted zone ${zone}, or name the domain in retire.`
}
