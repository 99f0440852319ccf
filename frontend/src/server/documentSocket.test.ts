import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { DocumentSocket, type SaveState } from './documentSocket'

/** A fake server: a copy of the document, which acks on demand. */
class FakeLine {
  static readonly OPEN = 1
  static lines: FakeLine[] = []
  static readonly server = { doc: new Y.Doc(), kept: 0 }
  readyState = 0
  onopen = () => {}
  onmessage: ((event: { data: ArrayBuffer | string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor() {
    FakeLine.lines.push(this)
  }

  answer(write: (encoder: encoding.Encoder) => void) {
    const encoder = encoding.createEncoder()
    write(encoder)
    this.onmessage?.({ data: encoding.toUint8Array(encoder).slice().buffer })
  }

  open() {
    this.readyState = 1
    FakeLine.server.kept = 0
    this.onopen()
    this.answer((encoder) => {
      encoding.writeVarUint(encoder, 0)
      sync.writeSyncStep1(encoder, FakeLine.server.doc)
    })
  }

  send(bytes: Uint8Array) {
    const decoder = decoding.createDecoder(bytes)
    if (decoding.readVarUint(decoder) !== 0) return
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, 0)
    const step = sync.readSyncMessage(decoder, encoder, FakeLine.server.doc, 'line')
    if (step === sync.messageYjsUpdate) FakeLine.server.kept += 1
    if (encoding.length(encoder) > 1) this.onmessage?.({ data: encoding.toUint8Array(encoder).slice().buffer })
  }

  ack() {
    this.answer((encoder) => {
      encoding.writeVarUint(encoder, 100)
      encoding.writeVarUint(encoder, FakeLine.server.kept)
    })
  }

  close(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

const states: SaveState[] = []
const notices: unknown[] = []
let doc: Y.Doc
let socket: DocumentSocket

const line = () => {
  const last = FakeLine.lines.at(-1)
  if (!last) throw new Error('no line')
  return last
}
const last = () => states.at(-1)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeLine)
  vi.stubGlobal('window', { addEventListener: () => {}, removeEventListener: () => {} })
  FakeLine.lines = []
  FakeLine.server.doc = new Y.Doc()
  FakeLine.server.doc.getMap('meta').set('name', 'Cars')
  states.length = 0
  notices.length = 0
  doc = new Y.Doc()
  socket = new DocumentSocket('ws://here', doc, { onState: (state) => states.push(state), onNotice: (notice) => notices.push(notice) })
  line().open()
})

afterEach(() => {
  socket.close()
  vi.useRealTimers()
})

it('opens with the server’s copy', () => {
  expect(doc.getMap('meta').get('name')).toBe('Cars')
  expect(last()).toBe('saved')
})

it('says saving until the server has kept an edit', () => {
  doc.getMap('meta').set('name', 'Prices')
  expect(last()).toBe('saving')
  expect(FakeLine.server.doc.getMap('meta').get('name')).toBe('Prices')
  line().ack()
  expect(last()).toBe('saved')
})

it('keeps edits made offline and merges them on return', () => {
  line().close()
  expect(last()).toBe('offline')
  doc.getMap('nodes').set('a', 1)
  FakeLine.server.doc.getMap('nodes').set('b', 2)
  vi.advanceTimersByTime(1000)
  expect(FakeLine.lines).toHaveLength(2)
  line().open()
  expect(doc.getMap('nodes').toJSON()).toEqual({ a: 1, b: 2 })
  expect(FakeLine.server.doc.getMap('nodes').toJSON()).toEqual({ a: 1, b: 2 })
  expect(last()).toBe('saving')
  line().ack()
  expect(last()).toBe('saved')
})

it('sends again what was not kept when the line broke', () => {
  doc.getMap('meta').set('name', 'Prices')
  line().close()
  vi.advanceTimersByTime(1000)
  line().open()
  expect(last()).toBe('saving')
  line().ack()
  expect(last()).toBe('saved')
})

it('takes a line that never answers for dead', () => {
  doc.getMap('meta').set('name', 'Prices')
  vi.advanceTimersByTime(16_000)
  expect(states).toContain('offline')
})

it('waits ever longer for a server that opens the line and cannot serve it', () => {
  for (let tries = 0; tries < 4; tries += 1) {
    line().onopen()
    line().close(1013)
    vi.advanceTimersByTime(12_500)
  }
  const before = FakeLine.lines.length
  line().onopen()
  line().close(1013)
  vi.advanceTimersByTime(3_000)
  expect(FakeLine.lines).toHaveLength(before)
  vi.advanceTimersByTime(10_000)
  expect(FakeLine.lines).toHaveLength(before + 1)
})

it.each([[4401, 'signed_out', 2], [4400, 'refused', 2], [4404, 'gone', 1]] as const)('gives up after %s', (code, state, tries) => {
  for (let at = 0; at < tries; at += 1) {
    line().onopen()
    line().close(code)
    vi.advanceTimersByTime(1000)
  }
  expect(last()).toBe(state)
  vi.advanceTimersByTime(60_000)
  expect(FakeLine.lines).toHaveLength(tries)
})

it('goes on with the session that a new password brings', () => {
  line().close(4401)
  vi.advanceTimersByTime(1000)
  line().open()
  expect(last()).toBe('saved')
  line().close(4401)
  expect(last()).toBe('offline')
})

it('passes on what the server says in words', () => {
  line().onmessage?.({ data: '{"run":{"id":"r","state":"running"}}' })
  expect(notices).toEqual([{ run: { id: 'r', state: 'running' } }])
})
