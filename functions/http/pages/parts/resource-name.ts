/** A resource as people read it: its host, and its path if it has one, because one host may have several. */
export function nameOfResource(url: string): string {
  const { host, pathname } = new URL(url)
  return pathname === '/' ? host : `${host}${pathname}`
}
