import { describe, expect, it } from 'vitest';
import { OfferedAddresses } from '../../../media/webrtc/offered-addresses.ts';
import { FakeClock } from '../../support/fake-clock.ts';

class Names {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  readonly failed: string[] = [];
  answer: (name: string) => Promise<readonly string[]> = async () => [];
  readonly addresses: OfferedAddresses;

  constructor(configured: readonly string[]) {
    this.addresses = new OfferedAddresses({
      configured,
      lookUp: (name) => {
        this.asked.push(name);
        return this.answer(name);
      },
      onFailed: (name) => this.failed.push(name),
      clock: this.clock,
    });
  }
}

describe('OfferedAddresses', () => {
  it('lists configured addresses of both families and those of the machine once, and no link-local ones', async () => {
    const names = new Names(['203.0.113.7', '2001:db8::7', '127.0.0.1', 'fe80::1']);
    const listed = await names.addresses.list();
    expect(listed.slice(0, 3)).toEqual(['203.0.113.7', '2001:db8::7', '127.0.0.1']);
    expect(listed).toHaveLength(new Set(listed).size);
    expect(listed.filter((address) => address.startsWith('fe80'))).toEqual([]);
    expect(names.asked).toEqual([]);
  });

  it('looks names up, at most once a minute, and offers what changed', async () => {
    const names = new Names(['video.example.cn']);
    names.answer = async () => ['198.51.100.1', '2001:db8::1', 'not an address'];
    expect((await names.addresses.list()).slice(0, 2)).toEqual(['198.51.100.1', '2001:db8::1']);
    names.answer = async () => ['198.51.100.2'];
    expect((await names.addresses.list())[0]).toBe('198.51.100.1');
    names.clock.advance(60_000);
    expect((await names.addresses.list())[0]).toBe('198.51.100.2');
    expect([names.asked.length, names.clock.timerCount]).toEqual([2, 0]);
  });

  it('goes on with what a name stood for when it cannot be looked up, and says so once', async () => {
    const names = new Names(['video.example.cn']);
    names.answer = async () => ['198.51.100.1'];
    await names.addresses.list();
    names.answer = () => Promise.reject(new Error('SERVFAIL'));
    names.clock.advance(60_000);
    expect((await names.addresses.list())[0]).toBe('198.51.100.1');
    expect((await names.addresses.list())[0]).toBe('198.51.100.1');
    expect(names.failed).toEqual(['video.example.cn']);
  });

  it('does not wait for a name server that is silent', async () => {
    const names = new Names(['video.example.cn', '203.0.113.7']);
    names.answer = () => new Promise(() => {});
    const listing = names.addresses.list();
    names.clock.advance(1_000);
    expect((await listing)[0]).toBe('203.0.113.7');
  });
});
