import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../core/runs/runs'
import { listen } from './runSocket'

class FakeSocket {
  static readonly OPEN = 1
  static all: FakeSocket[] = []
  readyState = 1
  sent: string[] = []
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((message: { data: string }) => void) | null = null
  constructor(readonly url: string) {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.readyState = 3
  }
  say(...seqs: number[]) {
    this.onmessage?.({ data: JSON.stringify({ events: seqs.map(event) }) })
  }
}

const event = (seq: number): RunEvent => ({ seq, at: '', type: 'log', node: 'n', level: 'info', line: String(seq) })

let seen = 0
let connected: boolean[] = []
const fetched = vi.fn()
const listening = {
  seen: () => seen,
  onEvents: (events: RunEvent[], complete: boolean) => {
    for (const one of events) {
      if (one.seq > seen + 1 && !complete) return false
      seen = Math.max(seen, one.seq)
    }
    return true
  },
  onConnection: (now: boolean) => connected.push(now),
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('location', { protocol: 'http:', host: 'here' })
  fetched.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ events: [], last: 0 }))))
  vi.stubGlobal('fetch', fetched)
  FakeSocket.all = []
  seen = 0
  connected = []
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  fetched.mockReset()
})

describe('listen', () => {
  it('asks for what came after the last event had, again after a drop', async () => {
    const stop = listen('r', listening)
    FakeSocket.all[0]?.onopen?.()
    FakeSocket.all[0]?.say(1, 2)
    FakeSocket.all[0]?.onclose?.()
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSocket.all.map((socket) => socket.url)).toEqual(['ws://here/ws/runs/r/?after=0', 'ws://here/ws/runs/r/?after=2'])
    expect(connected).toEqual([true, false])
    stop()
  })

  it('asks on the socket at a gap, and over REST when the gap stays', async () => {
    const stop = listen('r', listening)
    FakeSocket.all[0]?.say(1, 3)
    expect(FakeSocket.all[0]?.sent).toEqual(['{"after":1}'])
    fetched.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ events: [event(3)], last: 3 }))))
    FakeSocket.all[0]?.say(3)
    await vi.advanceTimersByTimeAsync(0)
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/runs/r/events/?after=1')
    expect(seen).toBe(3)
    stop()
  })

  it('goes on by asking while no socket opens, ever more patiently with the socket', async () => {
    const stop = listen('r', listening)
    for (let tries = 0; tries < 3; tries += 1) {
      FakeSocket.all.at(-1)?.onclose?.()
      await vi.advanceTimersByTimeAsync(2500)
    }
    expect(FakeSocket.all.length).toBe(4)
    expect(fetched.mock.calls.length).toBeGreaterThanOrEqual(4)
    stop()
  })

  it('does nothing more once stopped', async () => {
    const stop = listen('r', listening)
    FakeSocket.all[0]?.onclose?.()
    stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.all).toHaveLength(1)
  })
})
