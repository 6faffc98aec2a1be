/** Addresses under which a browser may reach this machine. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../clock/clock.ts';

export interface OfferedAddressesOptions {
  /** IP addresses, and names that are looked up; what the configuration knows of this machine. */
  readonly configured: readonly string[];
  /** Addresses of a name; rejects when there are none. */
  readonly lookUp: (name: string) => Promise<readonly string[]>;
  /** A name could not be looked up; what it last stood for is offered. Once per failure in a row. */
  readonly onFailed: (name: string, error: unknown) => void;
  readonly clock: Clock;
}

/** A line with a changing address has a name with about this life. */
const keepMs = 60_000;
/** An answer does not wait longer for a name server; what is known already is offered. */
const lookUpTimeoutMs = 1_000;

interface Known {
  addresses: readonly string[];
  lookedUpMs: number;
  hasFailed: boolean;
}

/** Loopback, the addresses of all interfaces, and the configured ones. */
export class OfferedAddresses {
  readonly #options: OfferedAddressesOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: OfferedAddressesOptions) {
    this.#options = options;
  }

  /**
   * Without doubles and without link-local IPv6 (which needs an interface name that candidates cannot carry). Read anew for each
   * answer: laptops change networks. Never rejects.
   */
  async list(): Promise<string[]> {
    const { configured } = this.#options;
    const resolved = await Promise.all(configured.map(async (address) => (isIP(address) === 0 ? this.#addressesOf(address) : [address])));
    const addresses = new Set<string>(resolved.flat());
    for (const interfaceAddresses of Object.values(networkInterfaces())) {
      for (const { address } of interfaceAddresses ?? []) addresses.add(address);
    }
    return [...addresses].filter((address) => !address.toLowerCase().startsWith('fe80:'));
  }

  /** Browsers look up no names in candidates, so the node does. */
  async #addressesOf(name: string): Promise<readonly string[]> {
    const { clock, lookUp, onFailed } = this.#options;
    const known = this.#known.get(name) ?? { addresses: [], lookedUpMs: Number.NEGATIVE_INFINITY, hasFailed: false };
    this.#known.set(name, known);
    if (clock.monotonicMs() - known.lookedUpMs < keepMs) return known.addresses;
    const looking = lookUp(name).then(
      (addresses) => {
        known.addresses = addresses.filter((address) => isIP(address) !== 0);
        known.lookedUpMs = clock.monotonicMs();
        known.hasFailed = false;
      },
      (error: unknown) => {
        if (!known.hasFailed) onFailed(name, error);
        known.hasFailed = true;
      },
    );
    let cancel = (): void => {};
    await Promise.race([looking, new Promise<void>((resolve) => (cancel = clock.setTimer(lookUpTimeoutMs, resolve)))]);
    cancel();
    return known.addresses;
  }
}
