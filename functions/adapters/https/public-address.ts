import { BlockList, isIP } from 'node:net'

// The registries of RFC 6890 for IPv4: what is not reachable from everywhere, with 6to4's relays and multicast.
const special = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]

// Of IPv6 only the one block that is routed. So the forms that hold an IPv4 address (mapped, compatible, NAT64) are outside,
// and so are loopback, link-local, unique local (Amazon's metadata too) and multicast addresses.
const routed = ['2000::/3']

// In that block: protocol assignments with Teredo and benchmarks, documentation, and 6to4, which holds an IPv4 address.
const specialRouted = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const listOf = (subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

const lists = {
  special: listOf(special, 'ipv4'),
  routed: listOf(routed, 'ipv6'),
  specialRouted: listOf(specialRouted, 'ipv6'),
}

/**
 * Whether an address can be reached from everywhere (RFC 6890), so that a request to it reaches nothing that only we can
 * reach. False for what is no address, or has a zone.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !lists.special.check(address, 'ipv4')
    case 6:
      if (address.includes('%')) return false
      return lists.routed.check(address, 'ipv6') && !lists.specialRouted.check(address, 'ipv6')
    default:
      return false
  }
}
