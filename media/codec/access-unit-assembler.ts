/**
 * Hot. The part of depacketizing that H.264 and H.265 share: where an access unit begins and ends, and what becomes of
 * a damaged one. A codec's depacketizer takes payloads apart and feeds NAL units in here.
 *
 * A unit ends with the packet that has the marker (RFC 6184 §5.1, RFC 7798 §4.1), or when the timestamp changes.
 */
import type { SlabWriter } from '../stream/slab-writer.ts';
import type { AccessUnitListener } from './access-unit.ts';

/** What a NAL unit means for the access unit it lies in. */
export type NalRole = 'picture' | 'key-picture' | 'parameter-set' | 'kept' | 'left-out';

/** Tells a codec's NAL units apart. */
export interface NalClassifier {
  /** Type of a NAL unit by its first byte. */
  nalTypeOf(firstByte: number): number;
  /** Role of a NAL unit by its type. */
  roleOf(nalType: number): NalRole;
  /** True when the open slice is the first one of its picture. */
  startsPicture(nalUnit: Buffer): boolean;
  /** True when the open slice, of which all bytes are there, is of type B. */
  isBSlice(nalUnit: Buffer): boolean;
}

/** Cannot occur within a NAL unit: emulation prevention keeps it out (ITU-T H.264 §7.4.1.1). */
const START_CODE = Buffer.from([0, 0, 1]);

/** Access unit in the making of one track. */
export class AccessUnitAssembler {
  readonly #writer: SlabWriter;
  readonly #listener: AccessUnitListener;
  readonly #classifier: NalClassifier;
  #timestamp = 0;
  #isOpen = false;
  #isDamaged = false;
  /** Packets went missing before the one that comes next. */
  #hasHoleBefore = false;
  #hasPicture = false;
  #isKeyFrame = false;
  #isBidirectional = false;
  /** A slice of a key frame began, whole or not. */
  #hasBegunKeyPicture = false;
  #openNalType = 0;
  /** Timestamp of the unit that the marker closed last, to notice markers in mid-picture. */
  #closedTimestamp = -1;
  /** Quirk: set when a picture went on after its marker; from then on only the timestamp separates pictures. */
  #ignoresMarkers = false;

  constructor(writer: SlabWriter, listener: AccessUnitListener, classifier: NalClassifier) {
    this.#writer = writer;
    this.#listener = listener;
    this.#classifier = classifier;
  }

  /** Before the contents of a packet. */
  beginPacket(timestamp: number): void {
    if (this.#isOpen && timestamp !== this.#timestamp) this.#close();
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#timestamp = timestamp;
    }
    if (this.#hasHoleBefore) {
      this.#hasHoleBefore = false;
      this.damage();
    }
  }

  /** After the contents of a packet. */
  endPacket(hasMarker: boolean): void {
    // Quirk: a fragment whose end bit was forgotten; no packet is missing, so the marker's packet was its last.
    if (hasMarker && this.#writer.hasOpenNal) this.endNal();
    // Quirk: a marker behind parameter sets alone ends nothing; the picture with the same timestamp is still to come.
    if (hasMarker && !this.#ignoresMarkers && (this.#hasPicture || this.#isDamaged)) {
      this.#closedTimestamp = this.#timestamp;
      this.#close();
    }
  }

  /** Packets are missing: of what is in the making, or of what comes next; nobody can tell, so both count as damaged. */
  onLoss(): void {
    if (this.#isOpen) this.damage();
    this.#hasHoleBefore = true;
  }

  /** The unit in the making cannot be put together any more. */
  damage(): void {
    this.#isDamaged = true;
    this.#writer.dropUnit();
  }

  get hasOpenNal(): boolean {
    return this.#writer.hasOpenNal;
  }

  /** Begins a NAL unit; its bytes, header first, follow through {@link append} and {@link appendByte}. */
  beginNal(nalType: number): void {
    if (this.#writer.hasOpenNal) this.endNal();
    this.#openNalType = nalType;
    if (this.#classifier.roleOf(nalType) === 'key-picture') this.#hasBegunKeyPicture = true;
    if (!this.#isDamaged && !this.#writer.beginNal()) this.damage();
  }

  append(bytes: Buffer, start: number, end: number): void {
    if (!this.#isDamaged && !this.#writer.append(bytes, start, end)) this.damage();
  }

  appendByte(value: number): void {
    if (!this.#isDamaged && !this.#writer.appendByte(value)) this.damage();
  }

  /** Ends the open NAL unit; parameter sets and delimiters are taken out of the unit again. */
  endNal(): void {
    if (this.#isDamaged || !this.#writer.hasOpenNal) return;
    const role = this.#classifier.roleOf(this.#openNalType);
    switch (role) {
      case 'picture':
      case 'key-picture':
        this.#endPicture(role === 'key-picture');
        return;
      case 'parameter-set':
        this.#endParameterSet();
        return;
      case 'left-out':
        this.#writer.dropNal();
        return;
      case 'kept':
        this.#writer.endNal();
    }
  }

  /** Throws when the state contradicts itself. For tests. */
  checkInvariants(): void {
    this.#writer.checkInvariants();
    const unitBytes = this.#writer.unitEnd - this.#writer.unitStart;
    if (!this.#isOpen && (unitBytes > 0 || this.#hasPicture || this.#isDamaged)) throw new Error('something is left of a closed unit');
    if (this.#isDamaged && unitBytes > 0) throw new Error('bytes of a damaged unit are kept');
    if (this.#hasPicture && !this.#isDamaged && unitBytes === 0) throw new Error('a picture without bytes');
  }

  #endParameterSet(): void {
    const nalUnit = this.#writer.openNal();
    if (!nalUnit.includes(START_CODE)) {
      this.#listener.onParameterSet(nalUnit);
      this.#writer.dropNal();
      return;
    }
    // Quirk: parameter sets and picture in one NAL unit, with the start codes of a byte stream between them.
    const pieces = Buffer.from(nalUnit);
    this.#writer.dropNal();
    for (let start = 0; start < pieces.length;) {
      const found = pieces.indexOf(START_CODE, start);
      const next = found < 0 ? pieces.length : found;
      // Zeros in front of a start code belong to it (ITU-T H.264 §B.1).
      let end = next;
      while (end > start && pieces[end - 1] === 0) end -= 1;
      if (end > start) {
        this.beginNal(this.#classifier.nalTypeOf(pieces[start]!));
        this.append(pieces, start, end);
        this.endNal();
      }
      start = next + START_CODE.length;
    }
  }

  #endPicture(isKeyPicture: boolean): void {
    // A first slice under the timestamp of the picture before is another picture of a camera whose timestamps repeat.
    if (this.#timestamp === this.#closedTimestamp && !this.#hasPicture && !this.#classifier.startsPicture(this.#writer.openNal())) {
      // The rest of a picture that went out already: it cannot be mended, but the next ones will be whole.
      this.#ignoresMarkers = true;
      this.damage();
      return;
    }
    if (!this.#hasPicture) {
      this.#isKeyFrame = isKeyPicture;
      this.#isBidirectional = !isKeyPicture && this.#classifier.isBSlice(this.#writer.openNal());
    }
    this.#hasPicture = true;
    this.#writer.endNal();
  }

  #close(): void {
    if (this.#writer.hasOpenNal) this.endNal();
    const { isWhole, isKeyFrame, isBidirectional } = this.#reset();
    if (isWhole) {
      this.#listener.onAccessUnit(this.#timestamp, isKeyFrame, isBidirectional);
    } else {
      this.#writer.dropUnit();
    }
  }

  #reset(): { isWhole: boolean; isKeyFrame: boolean; isBidirectional: boolean } {
    const outcome = { isWhole: this.#hasPicture && !this.#isDamaged, isKeyFrame: this.#isKeyFrame, isBidirectional: this.#isBidirectional };
    if (this.#isDamaged) this.#listener.onDamagedUnit(this.#hasBegunKeyPicture);
    this.#isOpen = false;
    this.#isDamaged = false;
    this.#hasPicture = false;
    this.#isKeyFrame = false;
    this.#isBidirectional = false;
    this.#hasBegunKeyPicture = false;
    return outcome;
  }
}
