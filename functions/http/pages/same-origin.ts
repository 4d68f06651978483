import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * Whether a page of ours sent a form. Browsers say so in Sec-Fetch-Site, which no script can set (Fetch Metadata); one that
 * does not know it says in Origin where the form was.
 */
export function isSameOrigin({ headers }: APIGatewayProxyEventV2, issuer: string): boolean {
  const site = headers?.['sec-fetch-site']
  return site === undefined ? headers?.['origin'] === new URL(issuer).origin : site === 'same-origin'
}
