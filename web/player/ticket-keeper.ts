/** Keeps a valid ticket for one stream: fetched when first needed, renewed when 60 % of its life is over. */

/** What is kept: anything with an end. */
interface Expiring {
  readonly expiresAt: string;
}

/** Share of its life after which a ticket is replaced; the rest is left for clocks that disagree and servers that are down. */
const renewAfterShare = 0.6;

export class TicketKeeper<Ticket extends Expiring> {
  readonly #fetchTicket: () => Promise<Ticket>;
  readonly #nowMs: () => number;
  #kept: { ticket: Ticket; renewAtMs: number; expiresAtMs: number } | null = null;
  #pending: Promise<Ticket> | null = null;

  /** `nowMs` is the server's clock, which the expiry speaks of. */
  constructor(options: { fetchTicket: () => Promise<Ticket>; nowMs: () => number }) {
    this.#fetchTicket = options.fetchTicket;
    this.#nowMs = options.nowMs;
  }

  /** A ticket that is good now. While an old one still is, a failed renewal is not an error. Throws what fetching threw. */
  async current(): Promise<Ticket> {
    const kept = this.#kept;
    const nowMs = this.#nowMs();
    if (kept !== null && nowMs < kept.renewAtMs) return kept.ticket;
    this.#pending ??= this.#fetch();
    try {
      return await this.#pending;
    } catch (error) {
      if (kept !== null && nowMs < kept.expiresAtMs) return kept.ticket;
      throw error;
    }
  }

  /** Throws the ticket away, after a node refused it. */
  discard(): void {
    this.#kept = null;
  }

  async #fetch(): Promise<Ticket> {
    try {
      const ticket = await this.#fetchTicket();
      const nowMs = this.#nowMs();
      const expiresAtMs = Date.parse(ticket.expiresAt);
      this.#kept = { ticket, expiresAtMs, renewAtMs: nowMs + (expiresAtMs - nowMs) * renewAfterShare };
      return ticket;
    } finally {
      this.#pending = null;
    }
  }
}
