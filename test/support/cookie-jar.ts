type Cookie = { readonly value: string; readonly attributes: readonly string[] }

type Request = { readonly method: string; readonly site: 'same-origin' | 'cross-site' }

/** The cookies that a browser keeps of one host, and when it sends them (RFC 6265bis). It never closes. */
export function createCookieJar(origin: string) {
  const isSecure = new URL(origin).protocol === 'https:'
  const cookies = new Map<string, Cookie>()

  const keepOne = (line: string) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const cookie = { value: pair.slice(name.length + 1), attributes: attributes.map((each) => each.toLowerCase()) }
    if (!isAccepted(name, cookie, isSecure)) throw new Error(`A browser would not take the cookie ${line}`)
    if (cookie.attributes.includes('max-age=0')) cookies.delete(name)
    else cookies.set(name, cookie)
  }

  return {
    /** @throws Error for a cookie that a browser ignores. */
    keep: (lines: readonly string[]) => lines.forEach(keepOne),
    /** The header of a request that goes to a new page. */
    cookiesFor: (request: Request) =>
      [...cookies]
        .filter(([, cookie]) => isSent(cookie, request))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; '),
  }
}

function isAccepted(name: string, { attributes }: Cookie, isSecure: boolean): boolean {
  const has = (attribute: string) => attributes.includes(attribute)
  if (has('secure') && !isSecure) return false
  const isOfHostOnly = has('secure') && has('path=/') && !attributes.some((each) => each.startsWith('domain='))
  return isOfHostOnly || !name.startsWith('__Host-')
}

function isSent({ attributes }: Cookie, { method, site }: Request): boolean {
  if (site === 'same-origin' || attributes.includes('samesite=none')) return true
  return method === 'GET' && !attributes.includes('samesite=strict')
}
