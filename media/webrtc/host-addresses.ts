/** Addresses under which a browser may reach this machine. */
import { networkInterfaces } from 'node:os';

/**
 * Loopback, the addresses of all interfaces, and `configured` ones, without doubles and without link-local IPv6 (which needs
 * an interface name that candidates cannot carry). Read anew for each answer: laptops change networks.
 */
export function listHostAddresses(configured: readonly string[]): string[] {
  const addresses = new Set<string>(configured);
  for (const interfaceAddresses of Object.values(networkInterfaces())) {
    for (const { address } of interfaceAddresses ?? []) {
      if (!address.startsWith('fe80:')) addresses.add(address);
    }
  }
  return [...addresses];
}
