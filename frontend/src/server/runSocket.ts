/** The live events of one run: by websocket, which reconnects after a drop, and by polling every second where no socket opens. */

import type { RunEvent } from '../core/runs/runs'
import { getEvents } from './rest'

export interface Listening {
  /** The last event received, from which to continue after a drop. */
  seen: () => number
  /** `complete` events answer a request: gaps in their numbers are final. Returns false when there is a gap. */
  onEvents: (events: RunEvent[], complete: boolean) => boolean
  onConnection: (connected: boolean) => void
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 15_000
const POLL_EVERY = 1000

export function listen(run: string, listening: Listening): () => void {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let askedAt = -1
  let stopped = false

  function connect(): void {
    if (stopped) return
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    socket = new WebSocket(`${scheme}://${location.host}/ws/runs/${encodeURIComponent(run)}/?after=${listening.seen()}`)
    socket.onopen = () => {
      wait = FIRST_WAIT
      listening.onConnection(true)
    }
    socket.onmessage = (message: MessageEvent<string>) => take((JSON.parse(message.data) as { events?: RunEvent[] }).events ?? [])
    socket.onclose = () => {
      listening.onConnection(false)
      socket = null
      void untilReconnect()
    }
  }

  /** A first gap is requested again on the socket; the same gap again is a gap in the numbers, which REST can settle. */
  function take(events: RunEvent[]): void {
    if (stopped || listening.onEvents(events, false)) return
    const after = listening.seen()
    if (askedAt === after) void catchUp()
    else if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ after }))
    askedAt = after
  }

  async function catchUp(): Promise<void> {
    for (;;) {
      const answer = await getEvents(run, listening.seen()).catch(() => null)
      if (!answer?.events.length || stopped) return
      listening.onEvents(answer.events, true)
      if (listening.seen() >= answer.last) return
    }
  }

  async function untilReconnect(): Promise<void> {
    const until = Date.now() + wait
    wait = Math.min(wait * 2, LONGEST_WAIT)
    while (!stopped && Date.now() < until) {
      await catchUp()
      await new Promise((wake) => { timer = setTimeout(wake, Math.max(0, Math.min(POLL_EVERY, until - Date.now()))) })
    }
    connect()
  }

  connect()
  return () => {
    stopped = true
    clearTimeout(timer)
    if (socket) socket.onclose = null
    socket?.close()
  }
}
